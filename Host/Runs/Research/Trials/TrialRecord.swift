package import JSON
import Market

/// One trial that ended, as it stands in the directory of its search.
package struct TrialRecord: Sendable, Equatable {
  package var number: Int
  package var point: SearchPoint
  package var outcome: Result<TrialResult, TrialFailure>
  /// To the millisecond.
  package let seconds: Double

  package init(
    number: Int, point: SearchPoint, outcome: Result<TrialResult, TrialFailure>, seconds: Double
  ) {
    self.number = number
    self.point = point
    self.outcome = outcome
    self.seconds = (seconds * 1_000).rounded() / 1_000
  }

  package var result: TrialResult? { try? outcome.get() }
  package var failure: TrialFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }
}

extension TrialRecord {
  package func json(_ names: [String]) -> JSONValue {
    var value: JSONValue = .object([
      ("trial", .integer(number)),
      ("parameters", .object(zip(names, point.values).map { ($0, $1.json) })),
      ("seconds", .double(seconds)),
    ])
    switch outcome {
    case .success(let result):
      value.set("outcome", "finished")
      value.set("currency", .string(result.currency))
      value.set("figures", result.figures)
      // In milliseconds since 1970, as the backtest tells times.
      value.set(
        "times", .array(result.times.map { .integer($0.nanoseconds / 1_000_000) }))
      value.set("equity", .array(result.equity.map { .double($0) }))
    case .failure(let failure):
      value.set("outcome", "failed")
      value.set("error", .string(failure.text))
      value.set("status", failure.status.map { .integer($0) } ?? .null)
    }
    return value
  }

  /// nil for anything that `json` did not write for a search of these parameters.
  package init?(_ value: JSONValue, _ names: [String]) {
    guard let number = value["trial"]?.integer, number >= 0,
      let members = value["parameters"]?.members, members.map(\.key) == names,
      let seconds = value["seconds"]?.double
    else { return nil }
    let values = members.compactMap { TrialValue($0.value) }
    guard values.count == names.count else { return nil }
    self.number = Int(number)
    point = SearchPoint(values)
    self.seconds = seconds
    switch value["outcome"]?.string {
    case "finished":
      guard let figures = value["figures"], figures.members != nil,
        let times = value["times"]?.elements, let equity = value["equity"]?.elements,
        let currency = value["currency"]?.string
      else { return nil }
      let instants = times.compactMap { time -> Timestamp? in
        guard let milliseconds = time.integer else { return nil }
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? nil : Timestamp(nanoseconds: product)
      }
      let amounts = equity.compactMap(\.double)
      guard instants.count == times.count, amounts.count == equity.count,
        instants.count == amounts.count
      else { return nil }
      outcome = .success(
        TrialResult(currency: currency, figures: figures, times: instants, equity: amounts))
    case "failed":
      guard let text = value["error"]?.string else { return nil }
      outcome = .failure(TrialFailure(text, status: value["status"]?.integer.map { Int($0) }))
    default: return nil
    }
  }
}
