import Foundation

/// What is said should the code under test end the process: a trap leaves no other way to tell
/// which simulation it was in.
enum LastWords {
  private static let capacity = 256
  /// Allocated before any handler can run, which may touch nothing that is made on first use.
  nonisolated(unsafe) private static let text: UnsafeMutablePointer<UInt8> = {
    let text = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    text.initialize(repeating: 0, count: capacity)
    for number in [SIGILL, SIGTRAP, SIGABRT] {
      signal(number) { number in
        // By the second time the same instruction traps, nobody stands in its way.
        signal(number, SIG_DFL)
        LastWords.say()
      }
    }
    return text
  }()

  static func prepare(_ words: String) {
    let bytes = Array(words.utf8.prefix(capacity - 1))
    for (index, byte) in bytes.enumerated() { text[index] = byte }
    text[bytes.count] = 0
  }
  static func forget() { text[0] = 0 }

  private static func say() {
    _ = write(
      STDERR_FILENO, text, strlen(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)))
  }
}
