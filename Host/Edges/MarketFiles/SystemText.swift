import Glibc

/// What the system calls the number of an error.
enum SystemText {
  static func reason(_ number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }
}
