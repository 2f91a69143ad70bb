import Configuration
import Market
import PluginABI
import PluginBridge
import Sessions
import Simulation
import Wording

/// What a command line says of an invented market, in the model's terms.
enum SynthesisOptions {
  struct SynthesisInstrument {
    let symbol: String
    let definition: keel_ev_instrument
    let numbers: Instrument
    let invented: InventedInstrument
  }

  /// 2024-01-01.
  private static let usualStart = Timestamp(nanoseconds: 1_704_067_200_000_000_000)
  /// In the quote asset: what a usual order is worth.
  private static let usualOrder = 2_000.0
  private static let quoteAssets = ["USDT", "USDC", "USD", "EUR", "BTC", "ETH"]

  static func shape(
    _ arguments: ParsedArguments, _ model: InventedMarket.Model
  ) throws(CommandError) -> MarketShape {
    var shape = MarketShape()
    shape.seed = UInt64(arguments.integer("seed") ?? 1)
    shape.start = try start(arguments)
    if let text = arguments.text("step") {
      guard let step = DurationText.parse(text) else {
        throw refusal("step", "'\(text)' is no length of time", "Write \(DurationText.form)")
      }
      if model == .book { shape.agentSpacing = step } else { shape.step = step }
    }
    shape.volatility = number(arguments, "volatility") ?? shape.volatility
    shape.correlation = number(arguments, "correlation") ?? shape.correlation
    shape.spread = number(arguments, "spread") ?? shape.spread
    guard let sound = shape.ifSound else {
      throw CommandError(
        .usage, "no market is like that",
        remedy: "Give a step from 1us to 7d, a volatility from 0 to 100, a correlation from 0 to "
          + "1, a spread up to 1000")
    }
    return sound
  }

  static func instruments(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> [SynthesisInstrument] {
    let symbols = arguments.list("symbol").isEmpty ? ["BTCUSDT"] : arguments.list("symbol")
    let prices = arguments.list("price")
    guard prices.count <= symbols.count else {
      throw refusal("price", "there are more prices than symbols", "Give one for each --symbol")
    }
    // What a configuration could not name, no session could trade.
    guard symbols.allSatisfy(NameRule.symbol.accepts) else {
      throw refusal(
        "symbol",
        "a symbol begins with a letter or digit, and has at most \(NameRule.symbol.bytesMax) "
          + "letters, digits, '.', '_' and '-'",
        "Write it like BTCUSDT or BTC-USD")
    }
    guard Set(symbols).count == symbols.count, symbols.count <= 64 else {
      throw refusal("symbol", "one is named twice, or there are too many", "Name up to 64")
    }
    var directory = Directory()
    var instruments: [SynthesisInstrument] = []
    for (index, symbol) in symbols.enumerated() {
      let id = directory.add(try definition(symbol, arguments))
      let definition = directory.instruments[id.index]
      let price = index < prices.count ? prices[index] : "40000"
      instruments.append(try instrument(symbol, definition, price: price))
    }
    return instruments
  }

  private static func instrument(
    _ symbol: String, _ definition: keel_ev_instrument, price: String
  ) throws(CommandError) -> SynthesisInstrument {
    let wide = "give a price that is a whole number of ticks, at least 100 of them"
    guard let numbers = InstrumentDefinition.numbers(of: definition),
      let start = try? DecimalText.parse(price, exponent: numbers.priceExponent),
      let worth = Double(price), worth > 0
    else { throw refusal("price", "\(price) is no price of \(symbol)", wide) }
    let scale = Double(FixedPoint.powerOfTen(-numbers.quantityExponent) ?? 1)
    let order = Swift.min(usualOrder / worth * scale, 1e15)
    guard
      let invented = InventedInstrument(
        numbers, startPrice: Price(mantissa: start),
        order: Swift.max(numbers.lot, Quantity(mantissa: Int64(order))))
    else { throw refusal("price", "\(price) is no price to begin \(symbol) with", wide) }
    return SynthesisInstrument(
      symbol: symbol, definition: definition, numbers: numbers, invented: invented)
  }

  private static func definition(
    _ symbol: String, _ arguments: ParsedArguments
  ) throws(CommandError) -> keel_ev_instrument {
    let tick = try step(arguments, "tick", "0.01")
    let lot = try step(arguments, "lot", "0.00001")
    let (base, quote) = assets(of: symbol)
    var record = keel_ev_instrument()
    record.h = keel_event(KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self)
    (record.px_exp, record.tick) = (Int8(tick.exponent), tick.mantissa)
    (record.qty_exp, record.lot, record.min_qty) = (Int8(lot.exponent), lot.mantissa, lot.mantissa)
    (record.kind, record.multiplier) = (InstrumentKind.spot.rawValue, 1)
    (record.expiry, record.strike) = (KEEL_NULL, KEEL_NULL)
    let venue = arguments.text("venue") ?? "sim"
    let fits = [
      FixedText.write(symbol, to: &record.symbol), FixedText.write(venue, to: &record.venue),
      FixedText.write(base, to: &record.base_code), FixedText.write(quote, to: &record.quote_code),
      FixedText.write(quote, to: &record.settle_code),
    ].allSatisfy { $0 }
    guard fits, !base.isEmpty else {
      throw refusal(
        "symbol", "'\(symbol)' is too long, or names no asset",
        "Use one such as BTCUSDT or BTC/USD, with assets of up to 11 letters")
    }
    return record
  }

  private static func assets(of symbol: String) -> (base: String, quote: String) {
    let parts = symbol.split(whereSeparator: { "/-_:".contains($0) }).map(String.init)
    if parts.count == 2 { return (parts[0], parts[1]) }
    for quote in quoteAssets where symbol.hasSuffix(quote) && symbol != quote {
      return (String(symbol.dropLast(quote.count)), quote)
    }
    return (symbol, "USD")
  }

  /// 0.010 is one step of 10^-2.
  private static func step(
    _ arguments: ParsedArguments, _ option: String, _ usual: String
  ) throws(CommandError) -> (mantissa: Int64, exponent: Int) {
    let text = arguments.text(option) ?? usual
    let parts = text.split(separator: ".", maxSplits: 1)
    let decimals = parts.count < 2 ? "" : String(parts[1].reversed().drop { $0 == "0" }.reversed())
    guard decimals.count <= 12,
      let mantissa = try? DecimalText.parse(text, exponent: -decimals.count), mantissa > 0,
      mantissa <= 1_000_000_000
    else {
      throw refusal(option, "\(text) is no step", "Give one above zero, with up to 12 decimals")
    }
    return (mantissa, -decimals.count)
  }

  private static func start(_ arguments: ParsedArguments) throws(CommandError) -> Timestamp {
    guard let text = arguments.text("start") else { return usualStart }
    if let time = UTCTime.parse(text) { return time }
    throw refusal("start", "'\(text)' is no time", "Write it as 2024-01-01T09:30:00Z")
  }

  private static func number(_ arguments: ParsedArguments, _ option: String) -> Double? {
    arguments.text(option).flatMap { Double($0) }
  }

  private static func refusal(
    _ option: String, _ message: String, _ remedy: String
  ) -> CommandError {
    CommandError(.usage, subject: "--\(option)", message, remedy: remedy)
  }
}
