import Wording

extension Suggestion {
  /// "; did you mean '...'?" or nothing: the end of a complaint about the command line.
  static func phrase(for word: String, among known: [String], prefix: String = "") -> String {
    nearest(to: word, among: known).map { "; did you mean '\(prefix)\($0)'?" } ?? ""
  }
}
