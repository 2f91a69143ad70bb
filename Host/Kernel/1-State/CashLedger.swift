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
