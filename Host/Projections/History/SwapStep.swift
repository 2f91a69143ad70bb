/// One line of a swap's timeline. Raw values are the journal's KEEL_STEP_.
package enum SwapStep: UInt32, Sendable {
  case probe = 1, verify, snapshot, parameters, create, warmUp, shadow, orders, switched, fault
  case rollback, probation, refused, retire

  package var text: String {
    switch self {
    case .verify: "verify, load"
    case .warmUp: "warm up"
    case .switched: "switch"
    case .probe, .snapshot, .parameters, .create, .shadow, .orders, .fault, .rollback, .probation,
      .refused, .retire:
      "\(self)"
    }
  }
}
