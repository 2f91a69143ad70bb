import Market

/// A level's new total, in ticks and lots; 0: it is gone.
struct BookChange: Equatable, Sendable {
  let side: Side
  let price: Int64
  let lots: Int64
}
