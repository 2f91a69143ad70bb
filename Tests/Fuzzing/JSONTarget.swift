import JSON

/// Any text as JSON: refused with a place and a remedy, or read and written back the same.
enum JSONTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue.parse(Array(bytes)) } catch {
      precondition(!error.message.isEmpty && !error.remedy.isEmpty, "an error says what to do")
      precondition(error.position.line >= 1 && error.position.column >= 1, "an error has a place")
      return
    }
    for text in [value.text(), value.text(pretty: true)] {
      let again = try? JSONValue.parse(text)
      precondition(again == value, "what is written is read again")
    }
  }
}
