package import Configuration
import Kernel
package import Market
import PluginABI
import PluginBridge
package import PluginHost
package import Simulation
package import Storage

/// What a run needs besides its configuration.
package struct SessionOptions: Sendable {
  /// Replace the configured data: their instruments and their records are the session's.
  package var tapes: [String]
  /// Of their records, those from here on, and those before there; nil: all.
  package var from: Timestamp?
  package var to: Timestamp?
  /// What happens to the data on the way, given when it begins and how long it lasts.
  package var shock: (@Sendable (_ from: Timestamp, _ span: Nanoseconds?) -> MarketShock)?
  /// Where the journal goes; nil keeps none.
  package var journalDirectory: String?
  /// Keeps snapshots beside the journal, so many turns apart and at the end.
  package var snapshotEveryTurns: UInt64?
  /// Where verified copies of plugins are kept.
  package var storeDirectory: String
  /// Which start of the host on its journal this is, from 1: names of orders and of simulated
  /// executions hold it, so that none is given twice.
  package var start: UInt16 = 1
  /// How worker processes are started. In a paced session others trade by the clock while a worker
  /// is waited for; elsewhere it has all the time it needs.
  package var workers = WorkerOptions()
  package var isPaced = false
  /// How the journal is written. Its policy is the configuration's.
  package var journal = JournalOptions(hasThread: false)

  package init(storeDirectory: String, tape: String? = nil, journalDirectory: String? = nil) {
    self.storeDirectory = storeDirectory
    tapes = tape.map { [$0] } ?? []
    self.journalDirectory = journalDirectory
  }
}

/// Composes a session from configuration: tables, plugins, venues, feeds, and the host records of
/// its first turn, which make its journal complete in itself.
struct SessionBuilder {
  let configuration: Configuration
  let options: SessionOptions
  let log: Session.Log
  private var directory = Directory()
  var tapes: [Tape] = []
  /// What the ids in each tape's records are in the directory.
  private var tapeMaps: [[InstrumentID]] = []
  private let registry: PluginRegistry

  init(
    _ configuration: Configuration, _ options: SessionOptions, log: @escaping Session.Log
  ) throws(SessionError) {
    self.configuration = configuration
    self.options = options
    self.log = log
    registry = PluginRegistry(
      storeDirectory: options.storeDirectory,
      policy: try LoadPolicy(configuration.plugins),
      workers: options.workers, describesInWorkers: configuration.hasWorkers)
  }

  mutating func build() throws(SessionError) -> Session {
    try openTapes()
    try checkShock()
    try defineInstruments()
    scanPlugins()
    let session = Session(parts: try parts(), log: log)
    begin(session)
    try addSlots(to: session)
    try addFeeds(to: session)
    do throws(SessionError) {
      try session.stepWithoutData(at: Timestamp(nanoseconds: startTime))
    } catch {
      try? session.finish()
      throw error
    }
    session.lendCode()
    return session
  }

  // MARK: tables

  /// A tape brings its own table. Tables, and what the configuration says, must agree.
  private mutating func defineInstruments() throws(SessionError) {
    for tape in tapes {
      tapeMaps.append(
        try tape.instruments.map { definition throws(SessionError) in
          try define(definition, of: tape)
        })
    }
    if tapes.isEmpty {
      for instrument in configuration.instruments { _ = directory.add(definition(instrument)) }
    }
    for balance in configuration.account.balances { _ = directory.asset(balance.asset) }
    for rate in configuration.risk.rates { _ = directory.asset(rate.asset) }
    for venue in configuration.venues where venue.behaviour.feeCurrency == .asset {
      _ = directory.asset(venue.behaviour.feeAsset)
    }
    if let reporting = configuration.risk.reporting { _ = directory.asset(reporting) }
  }

  private mutating func define(
    _ definition: keel_ev_instrument, of tape: Tape
  ) throws(SessionError) -> InstrumentID {
    let symbol = FixedText.read(definition.symbol)
    guard InstrumentDefinition.numbers(of: definition) != nil else {
      throw SessionError(
        .setup, tape.path, "the definition of \(symbol) contradicts itself",
        remedy: "record the tape again")
    }
    let venue = FixedText.read(definition.venue)
    guard let known = directory.find(symbol: symbol, venue: venue) else {
      return directory.add(try classified(definition, of: tape))
    }
    let first = directory.instruments[known.index]
    guard first.px_exp == definition.px_exp, first.qty_exp == definition.qty_exp else {
      throw SessionError(
        .setup, tape.path,
        "\(symbol) has exponents \(definition.px_exp), \(definition.qty_exp) here and "
          + "\(first.px_exp), \(first.qty_exp) on the tape before",
        remedy: "import both with the same tick and lot")
    }
    return known
  }

  /// What is configured is what is traded; the tape's prices must count the same.
  private func classified(
    _ known: keel_ev_instrument, of tape: Tape
  ) throws(SessionError) -> keel_ev_instrument {
    guard
      let instrument = configuration.instruments.first(where: {
        $0.symbol == FixedText.read(known.symbol) && $0.venue == FixedText.read(known.venue)
      })
    else { return known }
    guard Int(known.px_exp) == instrument.priceExponent,
      Int(known.qty_exp) == instrument.quantityExponent
    else {
      throw SessionError(
        .setup, tape.path,
        "\(instrument.symbol) has exponents \(known.px_exp), \(known.qty_exp) on the tape and "
          + "\(instrument.priceExponent), \(instrument.quantityExponent) in the configuration",
        remedy: "give the instrument the tick and lot it was recorded with")
    }
    return definition(instrument)
  }

  private func definition(_ instrument: InstrumentConfiguration) -> keel_ev_instrument {
    instrument.definition(
      account: account(instrument), sector: number(instrument.sector, \.sector),
      group: number(instrument.group, \.group))
  }

  private func account(_ instrument: InstrumentConfiguration) -> Int {
    configuration.venues.firstIndex { $0.name == instrument.venue } ?? 0
  }

  /// Names of sectors and groups are numbered as they appear; no name is 0.
  private func number(
    _ name: String, _ key: KeyPath<InstrumentConfiguration, String>
  ) -> Int {
    guard !name.isEmpty else { return 0 }
    var names: [String] = []
    for other in configuration.instruments.map({ $0[keyPath: key] })
    where !other.isEmpty && !names.contains(other) { names.append(other) }
    return (names.firstIndex(of: name) ?? -1) + 1
  }

  private func scanPlugins() {
    for directory in configuration.plugins.directories {
      for found in registry.scan(directory: directory.path) {
        if case .failure(let error) = found.result {
          log(.warning, "plugins", "\(found.path) is not used: \(error.message)")
        }
      }
    }
  }

  private func parts() throws(SessionError) -> SessionParts {
    let limits = self.limits
    let nonce = self.nonce
    var journal: JournalWriter?
    if let path = options.journalDirectory {
      do throws(StorageError) {
        journal = try JournalWriter(
          directory: path, session: nonce, created: startTime, options: journalOptions)
      } catch { throw SessionError(error) }
    }
    let venues = configuration.venues.enumerated().map { number, venue in
      var model = venue.behaviour.model(
        account: number, seed: configuration.session.seed, assets: directory.assets)
      // The first start of a host needs no number in its names.
      model.start = options.start > 1 ? UInt32(options.start) : 0
      if let shock, shock.kind == .outage {
        model.faults.outages.append(
          FaultModel.Window(start: shock.start, end: shock.start + shock.length, .loses))
      }
      return model
    }
    let venueOf = try directory.instruments.map { definition throws(SessionError) in
      let name = FixedText.read(definition.venue)
      if let index = configuration.venues.firstIndex(where: { $0.name == name }) { return index }
      throw SessionError(
        .setup, FixedText.read(definition.symbol), "its venue \"\(name)\" is not configured",
        remedy: "add a venue of this name, or use a tape of a configured one")
    }
    return SessionParts(
      name: configuration.session.name, nonce: nonce, directory: directory, registry: registry,
      journal: journal, snapshotEveryTurns: options.snapshotEveryTurns, venues: venues,
      venueOf: venueOf, limits: limits, reporting: reporting, workers: options.workers,
      isPaced: options.isPaced)
  }

  private var journalOptions: JournalOptions {
    var journal = options.journal
    journal.policy = configuration.session.journal.policy
    return journal
  }

  private var limits: Limits {
    var limits = Limits()
    limits.instruments = Swift.max(64, (directory.instruments.count + 63) / 64 * 64)
    limits.slots = configuration.alphas.count + configuration.strategies.count + 2
    return limits
  }

  /// The same for equal names and seeds, so that equal runs write equal bytes.
  private var nonce: UInt64 {
    FNV1a.hash(of: "\(configuration.session.name)/\(configuration.session.seed)".utf8)
  }

  // MARK: the first turn

  private func begin(_ session: Session) {
    var header = keel_rec_session()
    header.h = keel_event(KEEL_REC_SESSION, of: keel_rec_session.self)
    header.session = nonce
    header.seed = configuration.session.seed
    header.config_hash = FNV1a.hash(of: configuration.canonicalText.utf8)
    header.reporting = reporting.rawValue
    FixedText.write(configuration.session.name, to: &header.name)
    limits.write(to: &header)
    session.pending.append(header)
    if options.start > 1 {
      var start = keel_rec_start()
      start.h = keel_event(KEEL_REC_START, of: keel_rec_start.self)
      start.start = UInt32(options.start)
      session.pending.append(start)
    }
    for (index, code) in directory.assets.enumerated() where index > 0 {
      var asset = keel_rec_asset()
      asset.h = keel_event(KEEL_REC_ASSET, of: keel_rec_asset.self)
      asset.asset = UInt32(index)
      FixedText.write(code, to: &asset.code)
      session.pending.append(asset)
    }
    for definition in directory.instruments {
      var record = definition
      record.h.source = 0
      record.h.ts_recv = KEEL_NULL
      session.pending.append(record)
    }
    beginRisk(session)
    for balance in configuration.account.balances { deposit(balance, session) }
  }

  /// The asset that worth is counted in.
  private var reporting: AssetID {
    let first = directory.instruments.first.map { FixedText.read($0.settle_code) } ?? ""
    let code = configuration.risk.reporting ?? first
    return AssetID(rawValue: UInt32(directory.assets.firstIndex(of: code) ?? 0))
  }

  private func beginRisk(_ session: Session) {
    for (number, venue) in configuration.venues.enumerated() {
      session.pending.append(venue.account(number))
    }
    for (index, code) in directory.assets.enumerated() where index > 0 {
      let asset = AssetID(rawValue: UInt32(index))
      guard asset != reporting else { continue }
      if let rate = configuration.risk.rates.first(where: { $0.asset == code }) {
        session.pending.append(rate.record(asset))
      } else if let rate = feeRate(code) {
        session.pending.append(RateConfiguration.fixed(asset, rate))
      } else if let market = directory.instruments.first(where: {
        $0.base == asset.rawValue && $0.quote == reporting.rawValue
          && [InstrumentKind.spot, .equity].contains(InstrumentKind(rawValue: $0.kind))
      }) {
        session.pending.append(
          RateConfiguration.market(asset, InstrumentID(rawValue: market.h.inst)))
      }
    }
    var changes = configuration.risk.changes
    // Where words get lost, somebody must ask: an order without an answer would wait for ever.
    if losesWords, !changes.contains(where: { $0.key == .answerTime }) {
      changes.append(LimitChange(.answerTime, .all, 5_000_000_000))
    }
    for (index, strategy) in configuration.strategies.enumerated() {
      changes += strategy.risk.changes(.slot(UInt32(configuration.alphas.count + index + 1)))
    }
    if changes.isEmpty {
      log(.warning, "risk", "preset \(configuration.risk.preset.rawValue): every limit is off")
    } else {
      let names = configuration.risk.limits.all.map(\.name.rawValue).joined(separator: ", ")
      log(.info, "risk", "preset \(configuration.risk.preset.rawValue): limits on: \(names)")
    }
    LimitChange.record(changes, who: "configuration", why: "start")
      .withUnsafeBytes { _ = session.pending.append($0) }
  }

  /// What a venue takes fees in at a rate is worth that rate.
  private func feeRate(_ code: String) -> Int64? {
    configuration.venues.first {
      $0.behaviour.feeCurrency == .asset && $0.behaviour.feeAsset == code
    }?.behaviour.feeAssetRate
  }

  private var losesWords: Bool {
    shock?.kind == .outage
      || configuration.venues.contains {
        $0.behaviour.losses > 0 || !$0.behaviour.outages.isEmpty
      }
  }

  private func deposit(_ balance: AmountConfiguration, _ session: Session) {
    guard let units = try? DecimalText.parseWide(balance.amount, exponent: Money.exponent),
      let index = directory.assets.firstIndex(of: balance.asset)
    else { return }
    var cash = keel_rec_cash()
    cash.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    let amount = Money(units: units, asset: AssetID(rawValue: UInt32(index)))
    cash.low = amount.low
    cash.high = amount.high
    cash.asset = amount.asset.rawValue
    cash.cause = UInt16(KEEL_CASH_DEPOSIT)
    session.pending.append(cash)
  }
}

extension SessionBuilder {
  // MARK: plugins

  private func addSlots(to session: Session) throws(SessionError) {
    for (index, alpha) in configuration.alphas.enumerated() {
      try addSlot(
        to: session, alpha.name, .alpha, alpha.plugin, instruments: alpha.instruments, alphas: [],
        alpha.isolation, at: "alphas[\(index)]")
    }
    for (index, strategy) in configuration.strategies.enumerated() {
      let alphas = strategy.alphas.compactMap { name in
        configuration.alphas.firstIndex { $0.name == name }.map { UInt32($0 + 1) }
      }
      try addSlot(
        to: session, strategy.name, .strategy, strategy.plugin,
        instruments: strategy.instruments, alphas: alphas, strategy.isolation,
        at: "strategies[\(index)]", config: strategy.config)
    }
  }

  private func addSlot(
    to session: Session, _ name: String, _ kind: Slot.Kind, _ plugin: PluginConfiguration,
    instruments: [String], alphas: [UInt32], _ isolation: IsolationConfiguration,
    at path: String, config: String = ""
  ) throws(SessionError) {
    let ids = try resolve(instruments, for: name)
    let parameters = plugin.values
    let instance: PluginInstance
    var interests: Interests?
    let (build, descriptor) = try find(plugin, for: name)
    if let defect = isolation.defect(of: build, at: path) { throw defect }
    let placement = isolation.placement(of: build, options.workers, isPaced: options.isPaced)
    if !placement.isWorker, let megabytes = build.standing.memoryMegabytes {
      log(
        .warning, name,
        "its bundle says at most \(megabytes) MB of memory, which nothing enforces in the host: "
          + "\"isolation\": \"process\" does")
    }
    do throws(PluginHostError) {
      instance = try PluginInstance(
        build: build, descriptor: descriptor, kind: kind == .alpha ? .alpha : .strategy,
        config: config, name: name, instruments: session.instruments, placement: placement)
      try instance.set(parameters)
      instance.setTime(startTime)
      try instance.activate()
      interests = try instance.interests()
    } catch { throw SessionError(error, at: name) }
    let number = UInt32(session.slots.count + 1)
    session.add(
      SlotRuntime(
        number: number, name: name, kind: kind, parameters: parameters, config: config,
        live: instance, interests: interests, changes: session.instanceChanges,
        isolation: isolation))
    session.start(number, instruments: ids, alphas: alphas)
  }

  private func find(
    _ plugin: PluginConfiguration, for slot: String
  ) throws(SessionError) -> (PluginBuild, PluginDescriptor) {
    do throws(PluginHostError) {
      return try registry.find(id: plugin.id, version: plugin.version)
    } catch { throw SessionError(error, at: slot) }
  }

  private func resolve(_ symbols: [String], for slot: String) throws(SessionError) -> [InstrumentID]
  {
    var ids: [InstrumentID] = []
    for symbol in symbols {
      guard let id = directory.find(symbol: symbol) else {
        let known = directory.instruments.map { FixedText.read($0.symbol) }
        throw SessionError(
          .setup, slot, "instrument \(symbol) is not on the tape",
          remedy: "use one of: \(known.joined(separator: ", "))")
      }
      ids.append(id)
    }
    return ids
  }

  private func addFeeds(to session: Session) throws(SessionError) {
    session.span = span
    for (tape, map) in zip(tapes, tapeMaps) {
      let feed = TapeFeed(tape, from: options.from, to: options.to, map: map)
      session.add(shocked(feed, tape.path))
    }
    if !tapes.isEmpty { return }
    for data in configuration.data {
      let ids = try resolve(data.instruments, for: data.name)
      do throws(PluginHostError) {
        let (build, descriptor) = try registry.find(
          id: data.plugin.id, version: data.plugin.version)
        let instance = try PluginInstance(
          build: build, descriptor: descriptor, kind: .data, name: data.name,
          instruments: session.instruments)
        try instance.set(data.plugin.values)
        instance.setTime(startTime)
        try instance.activate()
        try instance.attach()
        for id in ids {
          try instance.subscribe(
            instrument: id.rawValue, types: Self.marketTypes,
            interval: session.barInterval(of: id))
        }
        let feed = ProviderFeed(
          name: data.name, instance: instance, start: Timestamp(nanoseconds: startTime))
        session.add(shocked(feed, data.name), provider: instance)
      } catch { throw SessionError(error, at: data.name) }
    }
  }

  /// A source with what the scenario does to it.
  private func shocked(_ feed: any Feed, _ name: String) -> any Feed {
    guard let shock else { return feed }
    let shares = configuration.venues.map(\.behaviour.barShare)
    return ShockFeed(
      feed, shock, instruments: directory.instruments, name: name,
      barsBound: shares.allSatisfy { $0 > 0 })
  }

  /// What the simulated venue and the sample plugins live on.
  private static let marketTypes: UInt64 =
    1 << UInt64(KEEL_EV_QUOTE) | 1 << UInt64(KEEL_EV_TRADE) | 1 << UInt64(KEEL_EV_BAR)
}

extension Session {
  /// A session ready for its first market event.
  package static func make(
    _ configuration: Configuration, _ options: SessionOptions, log: @escaping Log
  ) throws(SessionError) -> Session {
    var builder = try SessionBuilder(configuration, options, log: log)
    return try builder.build()
  }
}
