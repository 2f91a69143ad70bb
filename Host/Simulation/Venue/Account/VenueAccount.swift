import Market

/// What the account has at the venue, by asset, in units of 10^-16: counted only where the venue
/// watches margin.
struct VenueAccount {
  private(set) var cash: [Int128] = []
  private var value: [Int128] = []
  private var maintenance: [Int128] = []
  private var initial: [Int128] = []

  mutating func makeRoom(for asset: AssetID) {
    while cash.count <= Int(asset.rawValue) {
      cash.append(0)
      value.append(0)
      maintenance.append(0)
      initial.append(0)
    }
  }

  mutating func pay(_ asset: AssetID, _ units: Int128) {
    guard Int(asset.rawValue) < cash.count else { return }
    cash[Int(asset.rawValue)] &+= units
  }

  mutating func move(_ asset: AssetID, from before: Exposure, to after: Exposure) {
    let index = Int(asset.rawValue)
    value[index] &+= after.value &- before.value
    maintenance[index] &+= after.maintenance &- before.maintenance
    initial[index] &+= after.initial &- before.initial
  }

  func equity(_ asset: AssetID) -> Int128 {
    cash[Int(asset.rawValue)] &+ value[Int(asset.rawValue)]
  }
  func maintenance(_ asset: AssetID) -> Int128 { maintenance[Int(asset.rawValue)] }
  /// What is not bound by positions.
  func free(_ asset: AssetID) -> Int128 { equity(asset) &- initial[Int(asset.rawValue)] }
  /// Less is left than the positions must be backed with.
  func isShort(_ asset: AssetID) -> Bool {
    let needed = maintenance(asset)
    return needed > 0 && equity(asset) < needed
  }
}
