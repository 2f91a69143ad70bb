package import History
package import JSON

/// What a swap did, step by step, as a running host serves it.
package struct SwapReport: Sendable {
  package enum Outcome: String, Sendable {
    case running, probation, confirmed, refused
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
}
