import Kernel
import Market
import PluginABI
import PluginBridge

extension Reconciliation {
  // MARK: positions

  mutating func comparePositions() {
    for position in truth.positions {
      guard let instrument = state.instrument(InstrumentID(rawValue: position.h.inst)) else {
        if position.qty != 0 { refuseInstrument(position.h.inst, "\(position.qty)") }
        continue
      }
      let isOneSide = position.position_side != 0
      guard isOneSide != state.account(of: instrument).isHedging || position.qty == 0 else {
        continue
      }
      guard position.qty != 0 else { continue }
      note(
        ReconciliationDifference(
          kind: .positionSide, outcome: .refused("one nets, the other holds both sides"),
          instrument: instrument.id, local: isOneSide ? "nets" : "holds both sides",
          venue: "\(position.qty)"))
    }
    for case .some(let instrument) in state.instruments.elements
    where instrument.account == truth.account && !instrument.exchangesAssets {
      compare(instrument, state.account(of: instrument).isHedging ? .long : .net)
      if state.account(of: instrument).isHedging { compare(instrument, .short) }
    }
  }

  private mutating func compare(_ instrument: Instrument, _ side: PositionSide) {
    let told = truth.positions.filter {
      $0.h.inst == instrument.id.rawValue && PositionSide(rawValue: $0.position_side) == side
    }
    let (there, overflow) = told.reduce(into: (Int64(0), false)) { sum, position in
      let (next, overflow) = sum.0.addingReportingOverflow(position.qty)
      sum = (next, sum.1 || overflow)
    }
    var here = state.positions.account(instrument.id, side).quantity
    takeNamelessFills(of: instrument, side, upTo: there)
    here = state.positions.account(instrument.id, side).quantity
    let average = Price?(abi: told.last?.average ?? KEEL_NULL)
    let (missing, isBeyond) = there.subtractingReportingOverflow(here)
    if missing != 0 || overflow || isBeyond {
      mend(instrument, side, missing, from: here, to: there, at: average, overflow || isBeyond)
    }
    compareAverage(of: instrument, side, average)
  }

  /// Fills that the venue does not name count where the position shows that they are missing.
  private mutating func takeNamelessFills(
    of instrument: Instrument, _ side: PositionSide, upTo there: Int64
  ) {
    var repeated: [String: Int] = [:]
    for fill in truth.fills where FixedText.read(fill.exec_id) == "" {
      guard fill.h.inst == instrument.id.rawValue, let way = Side(rawValue: fill.side),
        PositionSide(rawValue: fill.position_side) == side, fill.qty > 0
      else { continue }
      let text =
        "\(fill.h.inst)/\(fill.side)/\(fill.px)/\(fill.qty)/\(fill.h.ts_venue)/"
        + FixedText.read(fill.client_id)
      let number = repeated[text, default: 0]
      repeated[text] = number + 1
      let here = state.positions.account(instrument.id, side).quantity
      let (missing, overflow) = there.subtractingReportingOverflow(here)
      guard !overflow, missing.signum() == way.sign, missing.magnitude >= fill.qty.magnitude else {
        continue
      }
      var named = fill
      FixedText.write(Self.syntheticID("\(text)/\(number)"), to: &named.exec_id)
      take(named, instrument)
    }
  }

  /// The rest is nobody's: a fill of the host's own slot, at the venue's average price.
  private mutating func mend(
    _ instrument: Instrument, _ side: PositionSide, _ missing: Int64, from here: Int64,
    to there: Int64, at average: Price?, _ isBeyond: Bool
  ) {
    var found = ReconciliationDifference(
      kind: .position, outcome: .mended, instrument: instrument.id, local: "\(here)",
      venue: "\(there)" + (average.map { " at \($0.mantissa)" } ?? ""))
    let price = average ?? state.market(instrument.id)?.valuation
    guard !isBeyond, missing != .min, let price, price.mantissa > 0,
      let worth = instrument.notional(price, Quantity(mantissa: abs(missing)))
    else {
      found.outcome = .refused("there is no price to take it over at")
      return note(found)
    }
    if let most = tolerance.positionWorthMax, worth.units > Int128(most) * Self.unitsPerMillionth {
      found.outcome = .refused("it is worth more than may be mended")
      return note(found)
    }
    var fill = keel_ev_fill()
    fill.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self, instrument: instrument.id)
    fill.px = price.mantissa
    fill.qty = abs(missing)
    fill.side = (missing > 0 ? Side.buy : .sell).rawValue
    fill.position_side = side.rawValue
    fill.fee_asset = instrument.settlement.rawValue
    fill.account = truth.account
    fill.is_external = UInt8(KEEL_FILL_FOREIGN)
    // The same difference may come again another day: the turn tells the two apart.
    let text = "\(instrument.id.rawValue)/\(side.rawValue)/\(here)/\(there)/\(state.turns)"
    FixedText.write(Self.syntheticID(text), to: &fill.exec_id)
    mend(fill, found, orElse: "its numbers cannot be booked") {
      $0.positions.account(instrument.id, side).quantity == there
    }
  }

  static let unitsPerMillionth: Int128 = 10_000_000_000

  /// The same for equal texts, and no venue's own.
  static func syntheticID(_ text: String) -> String {
    "keel-" + String(FNV1a.hash(of: text.utf8), radix: 16)
  }

  /// Averages agree where one slot alone has ever held the instrument. Slots that traded against
  /// each other have averages of their own, and the venue's is another: that is no error.
  private mutating func compareAverage(
    of instrument: Instrument, _ side: PositionSide, _ average: Price?
  ) {
    var (cost, quantity, holders): (Int128, Int64, Int) = (0, 0, 0)
    for slot in 0..<UInt32(state.positions.slots) {
      let position = state.positions[slot, instrument.id, side]
      cost += position.cost
      quantity &+= position.quantity
      if position.quantity != 0 || position.realised != 0 { holders += 1 }
    }
    guard let average, average.mantissa > 0, quantity != 0,
      let own = instrument.price(ofValue: cost, signed: quantity)
    else { return }
    let distance = (Int128(own.mantissa) - Int128(average.mantissa)).magnitude
    let most = UInt128(average.mantissa.magnitude) * UInt128(Swift.max(0, tolerance.averagePrice))
    guard distance * 1_000_000 > most else { return }
    note(
      ReconciliationDifference(
        kind: .averagePrice,
        outcome: holders > 1
          ? .noted : .refused("one slot alone has held it, and paid another price"),
        instrument: instrument.id, local: "\(own.mantissa)", venue: "\(average.mantissa)"))
  }

  // MARK: balances

  /// Where balances are told, an asset that is not named is nothing there.
  mutating func compareBalances() {
    for index in 1..<Swift.max(1, state.cash.assets) {
      let asset = AssetID(rawValue: UInt32(index))
      let told = truth.balances.filter { $0.asset == asset.rawValue }
      let here = state.cash[truth.account, asset].total
      var there: Int128? = 0
      for balance in told {
        let units = FixedPoint.rescale(
          Int128(balance.total), from: Int(balance.exp), to: Money.exponent)
        there = units.flatMap { units in
          there.flatMap {
            let (sum, overflow) = $0.addingReportingOverflow(units)
            return overflow ? nil : sum
          }
        }
      }
      guard there != here else { continue }
      correct(asset, from: here, to: there)
    }
    for balance in truth.balances
    where balance.total != 0 && Int(balance.asset) >= state.cash.assets {
      note(
        ReconciliationDifference(
          kind: .balance, outcome: .refused("asset \(balance.asset) is not known here"),
          local: "unknown", venue: "\(balance.total)"))
    }
  }

  private mutating func correct(_ asset: AssetID, from here: Int128, to there: Int128?) {
    var found = ReconciliationDifference(
      kind: .balance, outcome: .mended, asset: asset, local: Money(units: here, asset: asset).text,
      venue: there.map { Money(units: $0, asset: asset).text } ?? "beyond the ledger")
    let missing = there.map { $0.subtractingReportingOverflow(here) }
    guard let there, let missing, !missing.overflow else {
      found.outcome = .refused("it is beyond the ledger")
      return note(found)
    }
    if let most = tolerance.balanceMax,
      missing.partialValue.magnitude > UInt128(Swift.max(0, most)) * UInt128(Self.unitsPerMillionth)
    {
      found.outcome = .refused("it is more than may be mended")
      return note(found)
    }
    let amount = Money(units: missing.partialValue, asset: asset)
    var record = keel_rec_cash()
    record.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    record.low = amount.low
    record.high = amount.high
    record.asset = asset.rawValue
    record.account = truth.account
    record.cause = UInt16(KEEL_CASH_CORRECTION)
    let account = truth.account
    mend(record, found, orElse: "it is beyond the ledger") {
      $0.cash[account, asset].total == there
    }
  }
}
