package import JSON
package import Market
package import Performance
import Wording

/// What a backtest said of one point: its figures, and how its equity went.
package struct TrialResult: Sendable, Equatable {
  /// What amounts are counted in.
  package var currency: String
  /// The summary, as the backtest wrote it.
  package var figures: JSONValue
  package var times: [Timestamp]
  package var equity: [Double]

  package init(currency: String, figures: JSONValue, times: [Timestamp], equity: [Double]) {
    precondition(times.count == equity.count, "a value for each time")
    self.currency = currency
    self.figures = figures
    self.times = times
    self.equity = equity
  }

  package var trades: Int { Int(figures["total_trades"]?.integer ?? 0) }

  /// How many returns the figures are made of; more than there are points where the backtest
  /// thinned its course.
  package var periods: Int { Int(figures["periods"]?.integer ?? 0) }

  /// At most so many points, evenly, the last one always among them.
  package func thinned(to most: Int) -> TrialResult {
    precondition(most > 1, "a course has a beginning and an end")
    guard times.count > most else { return self }
    let step = (times.count + most - 2) / (most - 1)
    var kept = Array(stride(from: 0, to: times.count, by: step))
    if kept.last != times.count - 1 { kept.append(times.count - 1) }
    return TrialResult(
      currency: currency, figures: figures, times: kept.map { times[$0] },
      equity: kept.map { equity[$0] })
  }

  /// The course as statistics take it.
  package var curve: EquityCurve {
    var curve = EquityCurve(period: .everySample)
    for (time, value) in zip(times, equity) {
      curve.add(EquitySample(time: time, equity: value))
    }
    return curve
  }
}

extension TrialResult {
  /// What a trial may write. Its course is thinned by the backtest itself.
  static let documentBytesMax = 64 << 20

  /// From what `keel backtest --json` wrote.
  package static func read(_ document: [UInt8]) throws(TrialFailure) -> TrialResult {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(
        document, limits: JSONLimits(bytesMax: documentBytesMax), subject: "the trial")
    } catch {
      throw TrialFailure("its answer is no JSON: \(error.position): \(error.message)")
    }
    guard let figures = value["summary"], figures.members != nil else {
      throw TrialFailure("its answer has no summary")
    }
    var times: [Timestamp] = []
    var equity: [Double] = []
    for point in value["equity"]?.elements ?? [] {
      guard let time = point["time"]?.string.flatMap(UTCTime.parse),
        let amount = point["equity"]?.double
      else { throw TrialFailure("its equity holds a point without time or amount") }
      guard times.last.map({ $0 <= time }) ?? true else {
        throw TrialFailure("its equity is not in order of time")
      }
      times.append(time)
      equity.append(amount)
    }
    return TrialResult(
      currency: value["currency"]?.string ?? "", figures: figures, times: times, equity: equity)
  }
}

/// Why a trial brought no result.
package struct TrialFailure: Error, Sendable, Equatable {
  package let text: String
  /// Of the process; nil where it ended well, or not by itself.
  package var status: Int?

  package init(_ text: String, status: Int? = nil) {
    self.text = text
    self.status = status
  }
}
