package import Market

/// Exact cash by asset, with where it came from: the balance is always the sum of its terms.
package struct CashLedger: Sendable {
  package struct Account: Sendable {
    package var deposited: Int128 = 0
    /// Bought and sold as spot, at cost.
    package var traded: Int128 = 0
    package var realised: Int128 = 0
    package var fees: Int128 = 0
    package fileprivate(set) var balance: Int128 = 0
  }

  private var accounts: [Account]

  init(assets: Int) { accounts = Array(repeating: Account(), count: assets) }

  package subscript(asset: AssetID) -> Account { accounts[Int(asset.rawValue)] }
  package func balance(_ asset: AssetID) -> Money {
    Money(units: accounts[Int(asset.rawValue)].balance, asset: asset)
  }

  /// Amounts and sums within this bound, two thousand million million million whole units, add up a
  /// few times over without leaving 128 bits.
  static func isCountable(_ units: Int128) -> Bool { units.magnitude < 1 << 124 }

  /// Whether an account can be changed by this amount, some few times if need be.
  func takes(_ units: Int128, of asset: AssetID) -> Bool {
    let account = accounts[Int(asset.rawValue)]
    return Self.isCountable(units) && Self.isCountable(account.balance)
      && Self.isCountable(account.deposited) && Self.isCountable(account.traded)
      && Self.isCountable(account.realised) && Self.isCountable(account.fees)
  }

  mutating func deposit(_ amount: Money) {
    change(amount) { $0.deposited += amount.units }
  }
  mutating func trade(_ amount: Money) {
    change(amount) { $0.traded += amount.units }
  }
  mutating func realise(_ amount: Money) {
    change(amount) { $0.realised += amount.units }
  }
  /// A positive fee costs, a negative one is a rebate.
  mutating func charge(_ fee: Money) {
    change(-fee) { $0.fees -= fee.units }
  }

  private mutating func change(_ amount: Money, _ term: (inout Account) -> Void) {
    let index = Int(amount.asset.rawValue)
    term(&accounts[index])
    accounts[index].balance += amount.units
  }

  func checkInvariants() {
    for account in accounts {
      precondition(
        account.balance == account.deposited + account.traded + account.realised + account.fees,
        "a balance is the sum of its terms")
    }
  }
}
