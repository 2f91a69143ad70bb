/// One command line from words to exit code: parse, then print a manual or run the command.
/// Takes its surroundings as arguments, so that tests run whole command lines in-process.
struct Program {
  let root: Command
  let output: Output
  let environment: [String: String]

  func run(_ words: [String]) -> ExitCode {
    let parser = ArgumentParser(root: root, environment: environment)
    do throws(UsageError) {
      switch try parser.parse(words) {
      case .manual(let path, let isRequested):
        let manual = Manual(path: path)
        if isRequested {
          output.line(manual.text(width: output.width, palette: output.palette))
          return .ok
        }
        output.errorText(manual.text(width: output.width, palette: output.errorPalette))
        return .usage
      case .version:
        return VersionCommand.show(isJSON: false, output)
      case .run(let run, let arguments):
        return execute(run, arguments)
      }
    } catch {
      output.usageError(error)
      return .usage
    }
  }

  private func execute(_ run: Command.Run, _ arguments: ParsedArguments) -> ExitCode {
    do throws(CommandError) {
      return try run(arguments, output)
    } catch {
      output.failure(error, isJSON: arguments.isJSON)
      return error.exitCode
    }
  }
}
