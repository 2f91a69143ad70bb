import Backtesting
import Configuration
import JSON
import Market
import PluginHost
import Sessions
import Storage
import Wording

/// From the words of a command to a session ready for its first event.
struct SessionLaunch {
  let configuration: Configuration
  let session: Session

  init(
    _ arguments: ParsedArguments, _ output: Output, journal: String?, isPaced: Bool = false,
    until cut: Timestamp? = nil, scenario: String? = nil, isQuiet: Bool = false
  ) throws(CommandError) {
    var configuration = try Self.configuration(arguments)
    try Self.apply(arguments.list("set"), to: &configuration)
    var options = SessionOptions(
      storeDirectory: configuration.session.directory + "/store",
      journalDirectory: journal)
    options.tapes = arguments.list("tape")
    options.from = try RecordSelection.time(arguments, "from")
    options.to = try RecordSelection.time(arguments, "to")
    if let from = options.from, let to = options.to, from >= to {
      throw CommandError(
        .usage, subject: "--to", "\(UTCTime.text(to)) is not after --from, \(UTCTime.text(from))",
        remedy: "Name a later time: records before it are taken")
    }
    if let cut { options.to = cut }
    if let text = scenario {
      let scenario = try Self.scenario(text)
      options.shock = { first, span in scenario.shock(from: first, span: span) }
    }
    // Who trades by the clock keeps snapshots, and does not wait for the disk; who runs as fast as
    // it goes, waits.
    let period = configuration.session.snapshotEveryTurns
    if isPaced, period > 0 { options.snapshotEveryTurns = UInt64(period) }
    options.journal.hasThread = isPaced
    options.isPaced = isPaced
    do throws(SessionError) {
      session = try Session.make(configuration, options) { level, origin, text in
        guard level.rawValue >= Session.Level.warning.rawValue, !isQuiet else { return }
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

  private static func scenario(_ text: String) throws(CommandError) -> Scenario {
    do throws(Scenario.Defect) { return try Scenario(text) } catch {
      throw CommandError(
        .usage, subject: "--scenario", error.message, remedy: error.remedy)
    }
  }

  static func apply(
    _ texts: [String], to configuration: inout Configuration
  ) throws(CommandError) {
    let overrides = try texts.map { text throws(CommandError) in
      if let override = ConfigurationOverride(text) { return override }
      throw CommandError(
        .usage, subject: "--set", "'\(text)' is not written as SLOT.NAME=VALUE",
        remedy: "Write it like --set trend.fast=20")
    }
    do throws(ConfigurationError) { try configuration.apply(overrides) } catch {
      throw CommandError(.usage, subject: "--set", error.message, remedy: error.remedy)
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
