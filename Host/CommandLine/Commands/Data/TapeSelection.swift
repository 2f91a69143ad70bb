import History
import Market
import PluginABI
import PluginBridge
import Storage
import Wording

/// Which records of a tape a command line asks for, and the walk over them.
struct TapeSelection {
  static let types = CommandOption.value(
    "type", "NAME", "Only records of this type, such as trade.", occurrence: .repeated)
  static let instruments = CommandOption.value(
    "instrument", "SYMBOL", "Only records of this instrument.", occurrence: .repeated)
  static let from = CommandOption.value(
    "from", "TIME", "Only records at or after it, such as 2024-01-01T09:30:00Z.")
  static let to = CommandOption.value("to", "TIME", "Only records before it.")

  let tape: Tape
  private(set) var text = RecordText()
  private let filter: RecordFilter
  private let wanted: Set<UInt32>

  init(_ arguments: ParsedArguments, hasEnd: Bool) throws(CommandError) {
    do throws(StorageError) { tape = try Tape(path: arguments.argument("tape") ?? "") } catch {
      throw CommandError(error)
    }
    var filter = RecordFilter()
    for name in arguments.list("type") {
      filter.types.insert(try RecordSelection.type(named: name))
    }
    filter.from = try RecordSelection.time(arguments, "from")
    if hasEnd { filter.to = try RecordSelection.time(arguments, "to") }
    self.filter = filter
    wanted = try Self.instruments(arguments.list("instrument"), tape)
    for definition in tape.instruments {
      var copy = definition
      withUnsafeMutablePointer(to: &copy) { text.learn(Record(&$0.pointee.h)) }
    }
  }

  /// By symbol, or by symbol@venue where a symbol is at several.
  private static func instruments(
    _ names: [String], _ tape: Tape
  ) throws(CommandError) -> Set<UInt32> {
    var found: Set<UInt32> = []
    for name in names {
      let rows = tape.instruments.filter {
        let symbol = FixedText.read($0.symbol)
        return name == symbol || name == "\(symbol)@\(FixedText.read($0.venue))"
      }
      guard !rows.isEmpty else {
        throw CommandError(
          subject: tape.path, "there is no instrument '\(name)' on this tape",
          remedy: Suggestion.remedy(
            for: name, among: tape.instruments.map { FixedText.read($0.symbol) }))
      }
      found.formUnion(rows.map(\.h.inst))
    }
    return found
  }

  /// All records in the span of time asked for, the instrument table not among them.
  var span: UnsafeRawBufferPointer {
    tape.records(from: filter.from?.nanoseconds, to: filter.to?.nanoseconds)
  }

  func accepts(_ record: Record) -> Bool {
    if !wanted.isEmpty, !wanted.contains(record.instrument.rawValue) { return false }
    return filter.accepts(record, text.names)
  }

  /// Every record from front to back, also those that are not wanted: a new epoch of an instrument
  /// counts from where it stands.
  mutating func learn(_ record: Record) { text.learn(record) }

  var singleType: Int? { filter.types.count == 1 ? filter.types.first : nil }
}
