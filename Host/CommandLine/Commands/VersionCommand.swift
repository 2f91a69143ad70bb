import JSON
import PluginABI

/// `keel version`: which keel this is, and which plugins it loads.
enum VersionCommand {
  static let number = "0.1.0"

  static let command = Command(
    name: "version", summary: "show the version of keel and of its plugin ABI",
    examples: [Command.Example("keel version --json", "The same for a script.")],
    run: { arguments, output in show(isJSON: arguments.isJSON, output) })

  static func show(isJSON: Bool, _ output: Output) -> ExitCode {
    if isJSON {
      output.json([
        "version": .string(number), "abiMajor": .integer(KEEL_ABI_MAJOR),
        "abiDraft": .integer(KEEL_ABI_DRAFT),
      ])
    } else {
      output.line("keel \(number), plugin ABI \(KEEL_ABI_MAJOR), draft \(KEEL_ABI_DRAFT)")
    }
    return .ok
  }
}
