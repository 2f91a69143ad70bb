import JSON
import Market
import PluginABI
import PluginBridge

/// One named value of a type of records. The columns of a type are always the same, so that they
/// head a table; what is absent or not known is null.
struct RecordColumn: Sendable {
  typealias Read = @Sendable (Record, RecordNames) -> JSONValue

  let name: String
  let read: Read

  init(_ name: String, _ read: @escaping Read) {
    self.name = name
    self.read = read
  }

  /// The value as people write it; nil for null.
  func text(_ record: Record, _ names: RecordNames) -> String? {
    let value = read(record, names)
    if case .null = value.content { return nil }
    return value.string ?? value.text()
  }

  /// Of the C struct, and the names; null in a record too short for the struct.
  static func field<C: BitwiseCopyable>(
    _ name: String, _ struct: C.Type,
    _ read: @escaping @Sendable (C, RecordNames) -> JSONValue
  ) -> RecordColumn {
    RecordColumn(name) { record, names in
      record.cast(to: C.self).map { read($0.pointee, names) } ?? .null
    }
  }

  /// A number that means something with its instrument's exponents only.
  static func scaled<C: BitwiseCopyable>(
    _ name: String, _ struct: C.Type,
    _ read: @escaping @Sendable (C, Instrument) -> JSONValue
  ) -> RecordColumn {
    RecordColumn(name) { record, names in
      guard let raw = record.cast(to: C.self)?.pointee,
        let numbers = names.numbers(record.header.pointee.inst)
      else { return .null }
      return read(raw, numbers)
    }
  }

  static let instrument = RecordColumn("instrument") { record, names in
    names.symbol(record.header.pointee.inst).map { .string($0) } ?? .null
  }
  static let slot = RecordColumn("slot") { record, names in
    names.owner(of: record).map { .string(names.slot($0)) } ?? .null
  }

  /// What a type has beside sequence, time and type.
  static func all(of type: Int) -> [RecordColumn] {
    table[type] ?? [instrument]
  }

  private static let table: [Int: [RecordColumn]] =
    market.merging(orders) { first, _ in first }.merging(host) { first, _ in first }

  // The forms that values take.

  static func price(_ mantissa: Int64, _ numbers: Instrument) -> JSONValue {
    Price?(abi: mantissa).map { .string(numbers.text($0)) } ?? .null
  }
  static func quantity(_ mantissa: Int64, _ numbers: Instrument) -> JSONValue {
    .string(
      DecimalText.format(mantissa, exponent: numbers.quantityExponent, trimming: true))
  }
  static func side(_ raw: UInt8) -> JSONValue {
    Side(rawValue: raw).map { .string("\($0)") } ?? .null
  }
  static func optional(_ value: Int64) -> JSONValue {
    value == KEEL_NULL ? .null : .integer(value)
  }
  static func asset(_ number: UInt32, _ names: RecordNames) -> JSONValue {
    names.asset(number).map { .string($0) } ?? .null
  }
  static func money(_ low: UInt64, _ high: Int64) -> JSONValue {
    .string(Money(low: low, high: high, asset: .none).text)
  }
  /// A number of the ABI in words, or the number where there is no word for it.
  static func word(_ number: some BinaryInteger, _ words: [Int: String]) -> JSONValue {
    .string(words[Int(number)] ?? "\(number)")
  }
}
