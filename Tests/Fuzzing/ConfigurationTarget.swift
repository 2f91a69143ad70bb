import Configuration

/// Any text as strategies.json: every defect has words; what is accepted means the same when its
/// canonical form is read.
enum ConfigurationTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    let file = "folder/strategies.json"
    do throws(ConfigurationErrors) {
      let first = try Configuration.parse(text: text, file: file).canonicalText
      let again = try Configuration.parse(text: first, file: file).canonicalText
      precondition(again == first, "the canonical form is its own")
    } catch {
      precondition(!error.errors.isEmpty, "a refusal has a reason")
      precondition(
        error.errors.allSatisfy { !$0.description.isEmpty }, "a reason has words")
    }
  }
}
