import Configuration
import JSON
import PluginHost
import Sessions
import Storage

/// From the words of a command to a session ready for its first event.
struct SessionLaunch {
  let configuration: Configuration
  let session: Session

  init(
    _ arguments: ParsedArguments, _ output: Output, journal: String?, isPaced: Bool = false
  ) throws(CommandError) {
    let configuration = try Self.configuration(arguments)
    var options = SessionOptions(
      storeDirectory: configuration.session.directory + "/store",
      tape: arguments.text("tape"), journalDirectory: journal)
    // Who trades by the clock keeps snapshots, and does not wait for the disk; who runs as fast as
    // it goes, waits.
    let period = configuration.session.snapshotEveryTurns
    if isPaced, period > 0 { options.snapshotEveryTurns = UInt64(period) }
    options.journal.hasThread = isPaced
    do throws(SessionError) {
      session = try Session.make(configuration, options) { level, origin, text in
        guard level.rawValue >= Session.Level.warning.rawValue else { return }
        output.note("\(origin): \(text)")
      }
    } catch { throw CommandError(error) }
    self.configuration = configuration
    if let path = arguments.text("record") {
      do throws(StorageError) {
        session.record(
          to: try TapeWriter(
            path: path, instruments: session.directory.instruments,
            created: configuration.session.start))
      } catch { throw CommandError(error) }
    }
  }

  static func configuration(_ arguments: ParsedArguments) throws(CommandError) -> Configuration {
    guard let path = arguments.text("config") else {
      preconditionFailure("--config has a default")
    }
    do throws(ConfigurationErrors) { return try Configuration.load(path: path) } catch {
      throw CommandError(error)
    }
  }

  /// Where the newest run of this configuration answers commands.
  static func controlPath(_ configuration: Configuration) -> String {
    "\(configuration.session.directory)/\(configuration.session.name).sock"
  }
}
