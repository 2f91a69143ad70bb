/// Numbers of things in words: "1 open order", "2 open orders".
package enum Count {
  package static func text(_ count: some BinaryInteger, _ thing: String) -> String {
    count == 1 ? "1 \(thing)" : "\(count) \(thing)s"
  }
}
