package import JSON

/// What a swap did, step by step: printed as a timeline, served as JSON.
package struct SwapReport: Sendable {
  package enum Outcome: String, Sendable {
    case running, switched, probation, confirmed, refused
    case rolledBack = "rolled back"
    case parked
  }
  package struct Step: Sendable {
    package var kind: SwapStep
    package var name: String { kind.text }
    package var nanoseconds: Int64?
    package var detail: String
  }

  package let slot: String
  package let from: String
  package var to: String
  package var outcome: Outcome = .running
  package var steps: [Step] = []
  /// From the last return of the old code to the first call of the new, input pending.
  package var pauseNanoseconds: Int64?
  package var ordersAdopted = 0

  package init(slot: String, from: String, to: String) {
    self.slot = slot
    self.from = from
    self.to = to
  }

  mutating func add(_ kind: SwapStep, _ nanoseconds: Int64?, _ detail: String) {
    steps.append(Step(kind: kind, nanoseconds: nanoseconds, detail: detail))
  }

  package var text: String {
    var lines = ["swap of \(slot): \(from) -> \(to): \(outcome.rawValue)"]
    for step in steps {
      let time = step.nanoseconds.map(Self.duration) ?? ""
      lines.append("  \(pad(step.name, 12)) \(padLeft(time, 10))  \(step.detail)")
    }
    return lines.joined(separator: "\n")
  }

  package var json: JSONValue {
    .object([
      ("slot", .string(slot)), ("from", .string(from)), ("to", .string(to)),
      ("outcome", .string(outcome.rawValue)),
      ("pauseNanoseconds", pauseNanoseconds.map(JSONValue.integer) ?? .null),
      ("ordersAdopted", .integer(Int64(ordersAdopted))),
      (
        "steps",
        .array(
          steps.map { step in
            .object([
              ("name", .string(step.name)),
              ("nanoseconds", step.nanoseconds.map(JSONValue.integer) ?? .null),
              ("detail", .string(step.detail)),
            ])
          })
      ),
    ])
  }

  /// "812 ns", "14.2 us", "3.1 ms", "1.20 s".
  package static func duration(_ nanoseconds: Int64) -> String {
    switch nanoseconds {
    case ..<1_000: "\(nanoseconds) ns"
    case ..<1_000_000: "\(tenths(nanoseconds, 1_000)) us"
    case ..<1_000_000_000: "\(tenths(nanoseconds, 1_000_000)) ms"
    default: "\(tenths(nanoseconds, 1_000_000_000)) s"
    }
  }

  private static func tenths(_ value: Int64, _ unit: Int64) -> String {
    "\(value / unit).\(value % unit * 10 / unit)"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: Swift.max(0, width - text.count))
  }
  private func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - text.count)) + text
  }
}
