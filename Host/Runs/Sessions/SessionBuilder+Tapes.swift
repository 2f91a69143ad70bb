import Configuration
import Market
import Simulation
import Storage
import Wording

/// The tapes a session is given: when their data begins and ends, and what a scenario does to it.
extension SessionBuilder {
  var startTime: Int64 {
    let first = tapes.compactMap(\.firstTime).min()
    return Swift.max(first ?? configuration.session.start, options.from?.nanoseconds ?? .min)
  }

  /// How long the data lasts; nil where that is not known.
  var span: Nanoseconds? {
    guard let last = tapes.compactMap(\.lastTime).max() else { return nil }
    let end = Swift.min(last, options.to?.nanoseconds ?? .max)
    return Nanoseconds(Swift.max(0, end - startTime))
  }

  var shock: MarketShock? {
    options.shock?(Timestamp(nanoseconds: startTime), span)
  }

  /// What happens outside of the data happens to nothing.
  func checkShock() throws(SessionError) {
    guard let shock else { return }
    let last = span.map { Timestamp(nanoseconds: startTime) + $0 }
    guard shock.start.nanoseconds < startTime || shock.start > last ?? .distantFuture else {
      return
    }
    let data =
      "from \(UTCTime.text(Timestamp(nanoseconds: startTime)))"
      + (last.map { " to \(UTCTime.text($0))" } ?? " on")
    throw SessionError(
      .usage, "scenario \(shock.kind.rawValue)",
      "it begins at \(UTCTime.text(shock.start)), and the data is \(data)",
      remedy: "name a time within the data, as in \(shock.kind.rawValue):at=TIME")
  }

  /// The same market twice would trade twice the volume: every queue and fill would be wrong.
  mutating func openTapes() throws(SessionError) {
    for path in options.tapes {
      let tape: Tape
      do throws(StorageError) { tape = try Tape(path: path) } catch { throw SessionError(error) }
      if let same = tapes.first(where: { $0.holdsTheSame(as: tape) }) {
        throw SessionError(
          .usage, path, "it holds the same records as \(same.path)", remedy: "name each tape once")
      }
      tapes.append(tape)
    }
  }
}
