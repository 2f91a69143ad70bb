import Glibc
import PluginHost

/// Joins the declared commands to this process: its arguments, environment and terminal.
@main struct Main {
  static func main() {
    // A host starts this same program as a worker; nobody types that, so no manual names it.
    if Swift.CommandLine.arguments.dropFirst().first == "worker" { WorkerService.run() }
    let output = Output.process()
    let program = Program(root: .keel, output: output, environment: ProcessEnvironment.values())
    let code = program.run(Array(Swift.CommandLine.arguments.dropFirst()))
    exit(output.finish(code).rawValue)
  }
}
