/// A line into its fields: quotes (RFC 4180) and blanks around a field are taken off.
enum FieldSplitter {
  /// Nil where a quote is not closed, or text stands behind it.
  static func split(_ row: UnsafeBufferPointer<UInt8>, _ separator: UInt8) -> [[UInt8]]? {
    var end = row.count
    if end > 0, row[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    var fields: [[UInt8]] = []
    var place = 0
    while true {
      while place < end, isBlank(row[place], separator) { place += 1 }
      var field: [UInt8] = []
      if place < end, row[place] == UInt8(ascii: "\"") {
        place += 1
        while true {
          guard place < end else { return nil }
          let byte = row[place]
          place += 1
          if byte == UInt8(ascii: "\"") {
            guard place < end, row[place] == byte else { break }
            place += 1
          }
          field.append(byte)
        }
        while place < end, isBlank(row[place], separator) { place += 1 }
      } else {
        while place < end, row[place] != separator {
          field.append(row[place])
          place += 1
        }
        while let last = field.last, isBlank(last, separator) { field.removeLast() }
      }
      fields.append(field)
      guard place < end else { return fields }
      guard row[place] == separator else { return nil }
      place += 1
    }
  }

  private static func isBlank(_ byte: UInt8, _ separator: UInt8) -> Bool {
    (byte == UInt8(ascii: " ") || byte == 9) && byte != separator
  }
}
