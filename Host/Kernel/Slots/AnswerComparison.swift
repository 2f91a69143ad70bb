import PluginABI
import PluginBridge

/// Whether two generations answered one batch alike. Ids differ by nature; content decides.
package enum AnswerComparison {
  package static func isSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    var left = RecordReader(a)
    var right = RecordReader(b)
    while true {
      let (x, y) = (left.next(), right.next())
      guard let x, let y else { return x == nil && y == nil }
      guard isSame(x, y) else { return false }
    }
  }

  private static func isSame(_ a: Record, _ b: Record) -> Bool {
    guard a.type == b.type, a.instrument == b.instrument, a.size == b.size else { return false }
    if let x = a.cast(to: keel_intent.self)?.pointee, let y = b.cast(to: keel_intent.self)?.pointee,
      IntentKind(rawValue: a.type) != nil
    {
      return x.limit == y.limit && x.trigger == y.trigger && x.qty == y.qty && x.side == y.side
        && x.order_type == y.order_type && x.tif == y.tif && x.flags == y.flags
        && x.order_id == y.order_id
    }
    if let x = a.cast(to: keel_signal.self)?.pointee, let y = b.cast(to: keel_signal.self)?.pointee,
      a.type == KEEL_EV_SIGNAL
    {
      return x.score == y.score && x.confidence == y.confidence && x.horizon == y.horizon
    }
    return true
  }
}
