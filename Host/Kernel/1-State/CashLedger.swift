package import Market

/// Exact cash by account and asset, with where it came from: a balance is always the sum of its
/// terms.
package struct CashLedger: ~Copyable, Sendable {
  package enum Term: Int, Sendable, CaseIterable {
    case deposited, withdrawn, transferred
    /// Bought and sold, at cost: what is paid in full when it is traded.
    case traded
    /// Profit of what is not.
    case realised
    case fees, funding, interest, corrected
  }
  package struct Balance: Sendable {
    package internal(set) var terms = InlineArray<9, Int128>(repeating: 0)
    package internal(set) var total: Int128 = 0

    package subscript(term: Term) -> Int128 { terms[term.rawValue] }
  }

  var balances: Table<Balance>
  /// Over all accounts, by asset.
  var totals: Table<Int128>
  package let accounts: Int
  package let assets: Int

  init(accounts: Int, assets: Int) {
    self.accounts = accounts
    self.assets = assets
    balances = Table(repeating: Balance(), count: accounts * assets)
    totals = Table(repeating: 0, count: assets)
  }

  package subscript(account: UInt16, asset: AssetID) -> Balance {
    balances[place(account, asset)]
  }
  /// Over all accounts.
  package func total(_ asset: AssetID) -> Money {
    Money(units: totals[Int(asset.rawValue)], asset: asset)
  }
  /// Adds the accounts up again.
  mutating func sumUp() {
    for asset in totals.indices { totals[asset] = sum(asset) }
  }
  private func sum(_ asset: Int) -> Int128 {
    (0..<accounts).reduce(0) { $0 &+ balances[$1 * assets + asset].total }
  }

  func holds(_ account: UInt16, _ asset: UInt32) -> Bool {
    Int(account) < accounts && Int(asset) < assets
  }

  /// Whether the ledger can take it: beyond 126 bits nothing is counted any more.
  func hasRoom(for amount: Money, in account: UInt16) -> Bool {
    let sum = balances[place(account, amount.asset)].total.addingReportingOverflow(amount.units)
    return !sum.overflow && sum.partialValue.magnitude < Self.unitsMax
      && amount.units.magnitude < Self.unitsMax
  }
  private static let unitsMax: UInt128 = 1 << 120

  mutating func change(_ term: Term, _ amount: Money, in account: UInt16) {
    let index = place(account, amount.asset)
    balances[index].terms[term.rawValue] += amount.units
    balances[index].total += amount.units
    totals[Int(amount.asset.rawValue)] &+= amount.units
  }

  private func place(_ account: UInt16, _ asset: AssetID) -> Int {
    Int(account) * assets + Int(asset.rawValue)
  }

  func checkInvariants(_ check: inout InvariantCheck) {
    for balance in balances.elements {
      var sum: Int128 = 0
      for term in Term.allCases { sum &+= balance[term] }
      check.require(balance.total == sum, "a balance is the sum of its terms")
    }
    for (asset, total) in totals.elements.enumerated() {
      check.require(sum(asset) == total, "what all accounts hold is their sum")
    }
  }
}
