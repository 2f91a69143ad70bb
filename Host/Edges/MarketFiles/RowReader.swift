import PluginABI

/// Rows of separated values, each as numbers in `values`, at the slots of its columns.
///
/// A row is read once, from left to right, field by field, by what its column is. Whatever is not
/// plain there, such as quotes, signs, exponents, a field too long, or the end of the window,
/// leaves the row to the careful reader, which knows all forms and says what is wrong.
final class RowReader {
  let file: String
  let window: TextWindow
  let separator: UInt8
  let columnNames: [String]
  let values: UnsafeMutablePointer<Int64>
  let actions: UnsafeMutableBufferPointer<ColumnAction>
  /// Of the row that was read last.
  var line: Int
  /// What each constant column says.
  var constants: [Int: [UInt8]] = [:]
  /// An instrument that rows name, and its digits.
  struct Symbol {
    let number: UInt32
    let priceDecimals: Int
    let quantityDecimals: Int
  }
  let symbols: [String: Symbol]
  var timeText = TimeText()
  /// Digits are counted only, which needs no exponents.
  var isMeasuring = false
  var finest = FinestDecimals()
  var identifiersLost = 0
  /// Numbers finer than the instrument's are rounded, and counted.
  var roundsFineNumbers = false
  var numbersRounded = 0
  /// What the last row is, where each row is an object that says it itself.
  var shape: RowShape?
  let isObjects: Bool
  var scale = ColumnScale(priceDecimals: 0, quantityDecimals: 0)

  private var place: UnsafePointer<UInt8>
  private let powers = Digits.powerTable

  /// The window begins at the first row, which is line `line`.
  init(
    file: String, window: TextWindow, separator: UInt8, columnNames: [String],
    actions list: [ColumnAction], line: Int, symbols: [String: Symbol] = [:],
    isObjects: Bool = false
  ) {
    self.isObjects = isObjects
    self.file = file
    self.window = window
    self.separator = separator
    self.columnNames = columnNames
    self.symbols = symbols
    self.line = line - 1
    actions = .allocate(capacity: list.count)
    _ = actions.initialize(from: list)
    values = .allocate(capacity: ColumnRole.slotsMax)
    values.initialize(repeating: KEEL_NULL, count: ColumnRole.slotsMax)
    place = window.start
  }

  deinit {
    actions.deallocate()
    values.deallocate()
  }

  /// Reads the next row. False at the end. After an error the next call reads the row behind it,
  /// unless the error is of the file as a whole.
  func next() throws(MarketFileError) -> Bool {
    if !isObjects, let end = fast(place) {
      place = end
      line &+= 1
      return true
    }
    return try nextSlowly()
  }

  private func nextSlowly() throws(MarketFileError) -> Bool {
    while true {
      guard let end = lineEnd() else {
        guard place < window.end || !window.isAtEnd else { return false }
        guard place > window.start || window.end - place < TextWindow.bytes else {
          throw MarketFileError(
            .limit, file, line: line + 1,
            "the line is longer than \(TextWindow.bytes / 1024) KiB",
            remedy: "check that this is a text of rows")
        }
        try window.refill(keeping: place)
        place = window.start
        if !isObjects, let end = fast(place) {
          place = end
          line += 1
          return true
        }
        continue
      }
      let row = UnsafeBufferPointer(start: place, count: end - place)
      place = end + 1
      line += 1
      if Self.isBlank(row) { continue }
      if isObjects { try readObject(row) } else { try readCarefully(row) }
      return true
    }
  }

  /// Where the line at `place` ends, when the window holds its end.
  private func lineEnd() -> UnsafePointer<UInt8>? {
    var here = place
    while here < window.end {
      if here.pointee == UInt8(ascii: "\n") { return here }
      here += 1
    }
    return nil
  }

  private static func isBlank(_ row: UnsafeBufferPointer<UInt8>) -> Bool {
    row.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == 9 }
  }

  // The fast path. Zeros stand behind the window: they end every run, and no row ends with them.

  @inline(__always)
  private func fast(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    var here = start
    // Read once: what is stored in this object might change, as far as the compiler knows.
    let (values, powers, separator) = (self.values, self.powers, self.separator)
    let isMeasuring = self.isMeasuring
    guard var action = actions.baseAddress else { return nil }
    let last = action + (actions.count &- 1)
    while true {
      switch action.pointee.kind {
      case .time:
        let (value, count) = Digits.read(&here, powers)
        let number = Int64(bitPattern: value)
        // Nineteen digits are nanoseconds; they cannot wrap around.
        guard count > 0, count <= 19, number >= action.pointee.minimum,
          number <= action.pointee.maximum
        else { return nil }
        values[action.pointee.slot] = number &* action.pointee.multiplier
      case .decimal:
        if isMeasuring {
          guard measure(&here, action) else { return nil }
        } else {
          let decimals = action.pointee.decimals
          guard let value = Self.decimal(&here, decimals, powers), value >= action.pointee.minimum
          else { return nil }
          values[action.pointee.slot] = value
        }
      case .unsigned, .identifier:
        let (value, count) = Digits.read(&here, powers)
        guard count > 0, count <= 18 else { return nil }
        values[action.pointee.slot] = Int64(bitPattern: value)
      case .word: guard word(&here, action) else { return nil }
      case .skip: guard skip(&here) else { return nil }
      case .timeText, .constant, .symbol: guard text(&here, action) else { return nil }
      }
      if action == last {
        if here.pointee == UInt8(ascii: "\r") { here += 1 }
        return here.pointee == UInt8(ascii: "\n") ? here + 1 : nil
      }
      guard here.pointee == separator else { return nil }
      here += 1
      action += 1
    }
  }

  @inline(__always)
  private static func decimal(
    _ here: inout UnsafePointer<UInt8>, _ decimals: Int, _ powers: UnsafePointer<UInt64>
  ) -> Int64? {
    // Fifteen digits at most, and so many decimals: no Int64 is too small for them.
    if decimals >= 0, decimals <= 10, let (value, count) = Digits.readPointed(&here, powers) {
      if count == decimals { return Int64(bitPattern: value) }
      if count < decimals { return Int64(bitPattern: value &* powers[decimals &- count]) }
      // Only zeros may be left over.
      let (kept, rest) = value.quotientAndRemainder(dividingBy: powers[count &- decimals])
      return rest == 0 ? Int64(bitPattern: kept) : nil
    }
    let (whole, wholeCount) = Digits.read(&here, powers)
    guard wholeCount > 0, decimals >= 0, wholeCount &+ decimals <= 18 else { return nil }
    guard here.pointee == UInt8(ascii: ".") else {
      return Int64(bitPattern: whole &* powers[decimals])
    }
    here += 1
    let (fraction, count) = Digits.read(&here, powers)
    if count == decimals, count > 0 {
      return Int64(bitPattern: whole &* powers[count] &+ fraction)
    }
    guard count > 0, count <= 18 else { return nil }
    if count < decimals {
      return Int64(
        bitPattern: (whole &* powers[count] &+ fraction) &* powers[decimals &- count])
    }
    // Only zeros may be left over.
    let (kept, rest) = fraction.quotientAndRemainder(dividingBy: powers[count &- decimals])
    return rest == 0 ? Int64(bitPattern: whole &* powers[decimals] &+ kept) : nil
  }

  /// Looks only at how many digits behind the point are no zeros at its end.
  private func measure(
    _ here: inout UnsafePointer<UInt8>, _ action: UnsafeMutablePointer<ColumnAction>
  ) -> Bool {
    guard Digits.read(&here, powers).count > 0 else { return false }
    guard here.pointee == UInt8(ascii: ".") else { return true }
    here += 1
    var (fraction, count) = Digits.read(&here, powers)
    guard count > 0, count <= 18 else { return false }
    let known = action.pointee.measure == .price ? finest.price : finest.quantity
    // Most rows are no finer than those before them.
    guard count > known, action.pointee.measure != .other else { return true }
    while count > 0, fraction % 10 == 0 {
      fraction /= 10
      count -= 1
    }
    note(count, action.pointee)
    return true
  }

  func note(_ decimals: Int, _ action: ColumnAction) {
    switch action.measure {
    case .price: finest.price = max(finest.price, decimals)
    case .quantity: finest.quantity = max(finest.quantity, decimals)
    case .other: break
    }
  }

  @inline(__always)
  private func word(
    _ here: inout UnsafePointer<UInt8>, _ action: UnsafeMutablePointer<ColumnAction>
  ) -> Bool {
    let start = here
    while here.pointee | 0x20 &- UInt8(ascii: "a") < 26 { here += 1 }
    let count = here - start
    guard count > 0, count <= 8 else { return false }
    values[action.pointee.slot] = PackedWord.pack(start, count)
    return true
  }

  @inline(__always)
  private func skip(_ here: inout UnsafePointer<UInt8>) -> Bool {
    while true {
      let byte = here.pointee
      if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        return true
      }
      guard byte >= 0x20, byte != UInt8(ascii: "\"") else { return false }
      here += 1
    }
  }

  private func text(
    _ here: inout UnsafePointer<UInt8>, _ action: UnsafeMutablePointer<ColumnAction>
  ) -> Bool {
    let start = here
    guard skip(&here) else { return false }
    return take(UnsafeBufferPointer(start: start, count: here - start), action.pointee)
  }

  /// A field of text; false where it is not plain.
  func take(_ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction) -> Bool {
    switch action.kind {
    case .constant:
      guard let known = constants[action.slot] else {
        constants[action.slot] = Array(field)
        return !field.isEmpty
      }
      return known.elementsEqual(field)
    case .symbol:
      guard let symbol = symbols[String(decoding: field, as: UTF8.self)] else { return false }
      values[action.slot] = Int64(symbol.number)
      // The columns behind it are of this instrument.
      for index in actions.indices where actions[index].measure != .other {
        actions[index].decimals =
          actions[index].measure == .price ? symbol.priceDecimals : symbol.quantityDecimals
      }
      return true
    default:
      guard let time = timeText.parse(field), time >= 0, time <= TimeUnit.timeMax else {
        return false
      }
      values[action.slot] = time
      return true
    }
  }
}

/// How many digits behind the point the prices and the sizes of a file have at most.
package struct FinestDecimals: Sendable, Equatable {
  package var price = 0
  package var quantity = 0

  package init() {}
}
