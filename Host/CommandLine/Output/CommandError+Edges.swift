import MarketFiles
import Networking
import PluginHost
import Research
import Sessions
import Storage

/// The errors of the edges in the command line's form, with the exit code a script relies on.
extension CommandError {
  init(_ error: PluginHostError) {
    self.init(
      Self.exitCode(error.code), subject: error.subject,
      error.defects.count == 1 ? error.message : "\(error.defects.count) defects",
      remedy: error.remedy,
      details: error.defects.count == 1 ? [] : error.defects.map { Detail($0.message) })
  }

  init(_ error: StorageError) {
    self.init(.failed, subject: error.subject, error.message, remedy: error.remedy)
  }

  init(_ error: MarketFileError) {
    self.init(.failed, subject: error.place, error.message, remedy: error.remedy)
  }

  init(_ error: ResearchError) {
    self.init(
      error.code == .usage ? .usage : .failed, subject: error.subject, error.message,
      remedy: error.remedy)
  }

  init(_ error: NetworkingError) {
    self.init(.unreachable, subject: error.subject, error.message, remedy: error.remedy)
  }

  init(_ error: SessionError) {
    let code: ExitCode =
      switch error.cause {
      case .plugin(let cause): Self.exitCode(cause.code)
      case .setup: .configuration
      case .usage: .usage
      case .refused: .refused
      case .storage: .failed
      }
    self.init(code, subject: error.subject, error.message, remedy: error.remedy)
  }

  /// Untrusted or misshapen code is refused; a wrong id or parameter is the configuration's fault.
  private static func exitCode(_ code: PluginHostError.Code) -> ExitCode {
    switch code {
    case .lint, .refusedByPolicy, .foreign, .notASharedObject, .abi, .descriptor, .probe, .bundle,
      .incomplete, .untrusted, .disagreement:
      .refused
    case .unknownPlugin, .parameter: .configuration
    case .missing, .unreadable, .loadFailed, .create, .state, .activate, .capacity, .fault, .key:
      .failed
    }
  }
}
