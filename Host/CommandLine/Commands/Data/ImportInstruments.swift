import Configuration
import Market
import MarketFiles
import PluginABI
import PluginBridge
import Sessions
import Storage
import Wording

/// The instruments that imported files are of: of the configuration, of another tape, or described
/// on the command line and in the files themselves.
struct ImportInstruments {
  static let options: [CommandOption] = [
    .value("instrument", "SYMBOL", "The instrument of the configuration that the files are of."),
    .configuration,
    .value("like", "TAPE", "The instruments of this tape, for what was exported from it."),
    .value("symbol", "SYMBOL", "What the instrument is called, where it is not configured."),
    .value("venue", "NAME", "Where it is traded; \"files\" without it."),
    .value("base", "CODE", "What is bought; taken from the symbol without it."),
    .value("quote", "CODE", "What is paid; taken from the symbol without it."),
    .value(
      "kind", "KIND",
      "What it is; spot, or a perpetual where the symbol says so, as BTC-USDT-SWAP does.",
      kind: .choice(InstrumentGuess.kinds.map(\.name))),
    .value("tick", "STEP", "The step of prices, such as 0.01.", kind: .decimal),
    .value("lot", "STEP", "The step of quantities, such as 0.001.", kind: .decimal),
  ]

  private let arguments: ParsedArguments
  private let output: Output

  init(_ arguments: ParsedArguments, _ output: Output) {
    self.arguments = arguments
    self.output = output
  }

  /// The tape's table; each file of the plan becomes an input of one of its rows.
  func table(_ plan: inout ImportPlan) throws(CommandError) -> [keel_ev_instrument] {
    if let path = arguments.text("like") { return try copied(path, &plan) }
    var directory = Directory()
    let described = plan.files.contains { $0.symbol == nil } && arguments.text("instrument") == nil
    var own: InstrumentID?
    if described {
      let files = plan.files.filter { $0.symbol == nil }.map(\.file)
      own = directory.add(try description(files))
    }
    for (file, symbol) in plan.files {
      let id: InstrumentID
      if let wanted = symbol ?? arguments.text("instrument") {
        if let known = directory.find(symbol: wanted) {
          id = known
        } else {
          id = directory.add(try configured(wanted))
        }
      } else if let own {
        id = own
      } else {
        preconditionFailure("a file without a symbol is of the described instrument")
      }
      plan.inputs.append(TapeImport.Input(file: file, instrument: id.rawValue))
    }
    return directory.instruments
  }

  private func copied(
    _ path: String, _ plan: inout ImportPlan
  ) throws(CommandError) -> [keel_ev_instrument] {
    let tape: Tape
    do throws(StorageError) { tape = try Tape(path: path) } catch { throw CommandError(error) }
    for (file, symbol) in plan.files {
      let wanted = symbol ?? arguments.text("instrument")
      let row = tape.instruments.firstIndex { FixedText.read($0.symbol) == wanted }
      guard file.isOwn || row != nil || tape.instruments.count == 1 else {
        throw CommandError(
          .usage, subject: file.path, "which instrument of \(path) it is of is not told",
          remedy: "Say --instrument, one of "
            + tape.instruments.map { FixedText.read($0.symbol) }.joined(separator: ", "))
      }
      plan.inputs.append(TapeImport.Input(file: file, instrument: UInt32(row ?? 0)))
    }
    return tape.instruments
  }

  private func configured(_ symbol: String) throws(CommandError) -> keel_ev_instrument {
    let configuration = try SessionLaunch.configuration(arguments)
    guard let found = configuration.instruments.first(where: { $0.symbol == symbol }) else {
      throw CommandError(
        .configuration, subject: arguments.text("config") ?? "",
        "there is no instrument '\(symbol)'",
        remedy: Suggestion.remedy(for: symbol, among: configuration.instruments.map(\.symbol))
          + " Or describe it: --symbol \(symbol) --tick 0.01 --lot 0.001")
    }
    let account = configuration.venues.firstIndex { $0.name == found.venue } ?? 0
    return found.definition(account: account, sector: 0, group: 0)
  }

  /// From the command line, and what is not said there from the files.
  private func description(_ files: [MarketFile]) throws(CommandError) -> keel_ev_instrument {
    guard let symbol = arguments.text("symbol") ?? files.lazy.compactMap(\.symbol).first else {
      throw CommandError(
        .usage, subject: files.first?.path ?? "", "of which instrument it is, is not told",
        remedy: "Say --instrument, for one of the configuration; or --symbol and --venue; "
          + "or --like TAPE for what was exported from a tape")
    }
    let venue = arguments.text("venue") ?? files.lazy.compactMap(\.exchange).first ?? "files"
    let guess = SymbolParts(symbol)
    let base = arguments.text("base") ?? guess?.base ?? symbol
    let quote = arguments.text("quote") ?? guess?.quote ?? "USD"
    for (name, text, bytes) in [
      ("--symbol", symbol, 31), ("--venue", venue, 15), ("--base", base, 11),
      ("--quote", quote, 11),
    ] where text.utf8.count > bytes {
      throw CommandError(
        .usage, subject: name, "'\(text)' is longer than \(bytes) bytes",
        remedy: "Give a shorter name")
    }
    if let objects = files.first(where: \.isObjects) {
      throw CommandError(
        .usage, subject: objects.path,
        "JSON lines name their instruments, and do not describe them",
        remedy: "Say --like TAPE, the tape they were exported from")
    }
    let steps = try steps(files)
    var row = keel_ev_instrument()
    row.h = keel_event(KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self)
    (row.px_exp, row.qty_exp) = (Int8(-steps.price.decimals), Int8(-steps.quantity.decimals))
    (row.tick, row.lot, row.min_qty) = (
      steps.price.mantissa, steps.quantity.mantissa, steps.quantity.mantissa
    )
    let kind = try kind(symbol, exchange: files.lazy.compactMap(\.exchange).first)
    row.kind = kind.rawValue
    row.multiplier = 1
    (row.expiry, row.strike) = (KEEL_NULL, KEEL_NULL)
    (row.initial_margin, row.maintenance_margin) = (1_000_000, 1_000_000)
    FixedText.write(symbol, to: &row.symbol)
    FixedText.write(venue, to: &row.venue)
    FixedText.write(base, to: &row.base_code)
    FixedText.write(quote, to: &row.quote_code)
    FixedText.write(kind == .inverse ? base : quote, to: &row.settle_code)
    let price = DecimalText.format(row.tick, exponent: Int(row.px_exp))
    let size = DecimalText.format(row.lot, exponent: Int(row.qty_exp))
    output.note("\(symbol) at \(venue): \(kind), \(base)/\(quote), tick \(price), lot \(size)")
    return row
  }

  private func kind(
    _ symbol: String, exchange: String?
  ) throws(CommandError) -> InstrumentKind {
    if let stated = arguments.text("kind") {
      return InstrumentGuess.kinds.first { $0.name == stated }?.kind ?? .spot
    }
    switch InstrumentGuess(symbol, exchange: exchange) {
    case .is(let kind): return kind
    case .unclear(let why):
      throw CommandError(
        .usage, subject: "--kind", "\(symbol) \(why)",
        remedy: "Say --kind perpetual where it is settled in what is paid, --kind inverse where "
          + "in what is bought; or another: "
          + InstrumentGuess.kinds.map(\.name).joined(separator: ", "))
    }
  }

  private typealias Step = (mantissa: Int64, decimals: Int)

  private func steps(
    _ files: [MarketFile]
  ) throws(CommandError) -> (price: Step, quantity: Step) {
    let (tick, lot) = (try step("tick"), try step("lot"))
    if let tick, let lot { return (tick, lot) }
    var finest = FinestDecimals()
    let total = files.reduce(0) { $0 + $1.bytes }
    var progress = output.beginProgress("look for tick and lot", unit: "bytes", total: total)
    var before = 0
    for file in files {
      do throws(MarketFileError) {
        let found = try file.finestDecimals { done in
          output.progress(&progress, done: before + done)
          return !Interruption.isRequested
        }
        finest.price = max(finest.price, found.price)
        finest.quantity = max(finest.quantity, found.quantity)
      } catch { throw CommandError(error) }
      before += file.bytes
    }
    guard finest.price <= 18, finest.quantity <= 18 else {
      throw CommandError(
        .failed, subject: files.first?.path ?? "", "its numbers have more than 18 decimals",
        remedy: "Give --tick and --lot, and --round where a program wrote what it had in binary")
    }
    let missing = (tick == nil ? ["tick"] : []) + (lot == nil ? ["lot"] : [])
    output.note(
      "\(missing.joined(separator: " and ")): the finest digits in the files; "
        + "say the venue's own with \(missing.map { "--\($0)" }.joined(separator: " and "))")
    return (tick ?? (1, finest.price), lot ?? (1, finest.quantity))
  }

  private func step(_ name: String) throws(CommandError) -> Step? {
    guard let text = arguments.text(name) else { return nil }
    let behind = text.split(separator: ".", maxSplits: 1).dropFirst().first ?? ""
    let decimals = min(18, behind.reversed().drop { $0 == "0" }.count)
    let mantissa = try? DecimalText.parse(text, exponent: -decimals)
    guard let mantissa, mantissa > 0 else {
      throw CommandError(
        .usage, subject: "--\(name)", "'\(text)' is no step",
        remedy: "Give a number above zero with at most 18 decimals, such as 0.01")
    }
    return (mantissa, decimals)
  }
}
