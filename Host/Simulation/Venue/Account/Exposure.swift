/// What a position is worth now, and what it binds: both in units of 10^-16 of its settlement
/// asset, and both part of the account's sums.
struct Exposure {
  var value: Int128 = 0
  var maintenance: Int128 = 0
  var initial: Int128 = 0
}
