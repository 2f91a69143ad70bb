package import Configuration
import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Simulation
package import Storage

/// What a run needs besides its configuration.
package struct SessionOptions: Sendable {
  /// Replaces the configured data: its instruments and its records are the session's.
  package var tape: String?
  /// Where the journal goes; nil keeps none.
  package var journalDirectory: String?
  /// Keeps snapshots beside the journal, so many turns apart and at the end.
  package var snapshotEveryTurns: UInt64?
  /// Where verified copies of plugins are kept.
  package var storeDirectory: String
  /// How the journal is written. Its policy is the configuration's.
  package var journal = JournalOptions(hasThread: false)

  package init(storeDirectory: String, tape: String? = nil, journalDirectory: String? = nil) {
    self.storeDirectory = storeDirectory
    self.tape = tape
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
  private var tape: Tape?
  private let registry: PluginRegistry

  init(
    _ configuration: Configuration, _ options: SessionOptions, log: @escaping Session.Log
  ) throws(SessionError) {
    self.configuration = configuration
    self.options = options
    self.log = log
    registry = PluginRegistry(
      storeDirectory: options.storeDirectory,
      policy: LoadPolicy(
        allowUnsigned: configuration.plugins.trust == .unsigned,
        residentBuildsMax: configuration.plugins.residentMax))
  }

  mutating func build() throws(SessionError) -> Session {
    try openTape()
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

  private var startTime: Int64 { tape?.firstTime ?? configuration.session.start }

  // MARK: tables

  private mutating func openTape() throws(SessionError) {
    guard let path = options.tape else { return }
    do throws(StorageError) { tape = try Tape(path: path) } catch { throw SessionError(error) }
  }

  /// A tape brings its own table; what the configuration says of the same instrument must agree.
  private mutating func defineInstruments() throws(SessionError) {
    if let tape {
      for definition in tape.instruments {
        guard InstrumentDefinition.numbers(of: definition) != nil else {
          throw SessionError(
            .setup, tape.path,
            "the definition of \(FixedText.read(definition.symbol)) contradicts itself",
            remedy: "record the tape again")
        }
        _ = directory.add(classified(definition))
      }
    }
    for instrument in configuration.instruments {
      guard let tape else {
        _ = directory.add(
          instrument.definition(
            account: account(instrument), sector: number(instrument.sector, \.sector),
            group: number(instrument.group, \.group)))
        continue
      }
      guard let id = directory.find(symbol: instrument.symbol, venue: instrument.venue) else {
        continue
      }
      let known = directory.instruments[id.index]
      guard Int(known.px_exp) == instrument.priceExponent,
        Int(known.qty_exp) == instrument.quantityExponent
      else {
        throw SessionError(
          .setup, tape.path,
          "\(instrument.symbol) has exponents \(known.px_exp), \(known.qty_exp) on the tape and "
            + "\(instrument.priceExponent), \(instrument.quantityExponent) in the configuration",
          remedy: "give the instrument the tick and lot it was recorded with")
      }
    }
    for balance in configuration.account.balances { _ = directory.asset(balance.asset) }
    for rate in configuration.risk.rates { _ = directory.asset(rate.asset) }
    if let reporting = configuration.risk.reporting { _ = directory.asset(reporting) }
  }

  private func classified(_ definition: keel_ev_instrument) -> keel_ev_instrument {
    var record = definition
    guard
      let instrument = configuration.instruments.first(where: {
        $0.symbol == FixedText.read(definition.symbol)
          && $0.venue == FixedText.read(definition.venue)
      })
    else { return record }
    instrument.addRisk(
      to: &record, account: account(instrument), sector: number(instrument.sector, \.sector),
      group: number(instrument.group, \.group))
    return record
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
    for path in configuration.plugins.directories {
      for found in registry.scan(directory: path) {
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
    let venues = configuration.venues.map {
      SimulatedVenue(model: $0.model, instruments: limits.instruments)
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
      venueOf: venueOf, limits: limits, reporting: reporting)
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
      } else if let market = directory.instruments.first(where: {
        $0.base == asset.rawValue && $0.quote == reporting.rawValue
          && [InstrumentKind.spot, .equity].contains(InstrumentKind(rawValue: $0.kind))
      }) {
        session.pending.append(
          RateConfiguration.market(asset, InstrumentID(rawValue: market.h.inst)))
      }
    }
    var changes = configuration.risk.changes
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
    for alpha in configuration.alphas {
      try addSlot(
        to: session, alpha.name, .alpha, alpha.plugin, instruments: alpha.instruments, alphas: [])
    }
    for strategy in configuration.strategies {
      let alphas = strategy.alphas.compactMap { name in
        configuration.alphas.firstIndex { $0.name == name }.map { UInt32($0 + 1) }
      }
      try addSlot(
        to: session, strategy.name, .strategy, strategy.plugin,
        instruments: strategy.instruments, alphas: alphas, config: strategy.config)
    }
  }

  private func addSlot(
    to session: Session, _ name: String, _ kind: Slot.Kind, _ plugin: PluginConfiguration,
    instruments: [String], alphas: [UInt32], config: String = ""
  ) throws(SessionError) {
    let ids = try resolve(instruments, for: name)
    let parameters = plugin.values
    let instance: PluginInstance
    var interests: Interests?
    do throws(PluginHostError) {
      let (build, descriptor) = try registry.find(id: plugin.id, version: plugin.version)
      instance = try PluginInstance(
        build: build, descriptor: descriptor, kind: kind == .alpha ? .alpha : .strategy,
        config: config, name: name, instruments: session.instruments)
      try instance.set(parameters)
      instance.setTime(startTime)
      try instance.activate()
      interests = try instance.interests()
    } catch { throw SessionError(error, at: name) }
    let number = UInt32(session.slots.count + 1)
    session.add(
      SlotRuntime(
        number: number, name: name, kind: kind, parameters: parameters, config: config,
        live: instance, interests: interests))
    session.start(number, instruments: ids, alphas: alphas)
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
    if let tape {
      session.add(TapeFeed(tape))
      return
    }
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
        session.add(
          ProviderFeed(
            name: data.name, instance: instance, start: Timestamp(nanoseconds: startTime)),
          provider: instance)
      } catch { throw SessionError(error, at: data.name) }
    }
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
