import Glibc

/// Joins the declared commands to this process: its arguments, environment and terminal.
@main struct Main {
  static func main() {
    let output = Output.process()
    let program = Program(root: .keel, output: output, environment: ProcessEnvironment.values())
    let code = program.run(Array(Swift.CommandLine.arguments.dropFirst()))
    exit(output.finish(code).rawValue)
  }
}
