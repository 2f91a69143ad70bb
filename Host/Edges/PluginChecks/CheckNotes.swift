import Glibc

/// What a child that runs one check leaves for its parent, in a file: first the step it is at, so
/// that one which dies has said where, and behind it the finding. A plugin may write to standard
/// output what it likes.
struct CheckNotes {
  let path: String
  private static let stepBytes = 256, bytesMax = 8 << 10

  /// Opens them in the child.
  func open() -> Int32 { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }

  static func write(_ finding: PluginCheck.Finding, to descriptor: Int32) {
    func flat(_ text: String) -> String {
      String(text.map { $0.isNewline || $0 == "\0" ? " " : $0 })
    }
    let lines = [
      finding.verdict.rawValue, "\(finding.digest)", flat(finding.evidence), flat(finding.remedy),
    ]
    var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    _ = pwrite(descriptor, &bytes, bytes.count, off_t(stepBytes))
  }

  /// In the parent, once the child has ended.
  func read() -> (step: String, finding: PluginCheck.Finding?) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return ("", nil) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let step = String(decoding: bytes.prefix(Self.stepBytes).prefix { $0 != 0 }, as: UTF8.self)
    let trimmed = step.prefix { $0 != "\n" }
    let end = trimmed.lastIndex { $0 != " " }
    let shown = end.map { String(trimmed[...$0]) } ?? ""
    guard count > Self.stepBytes else { return (shown, nil) }
    let lines = String(decoding: bytes[Self.stepBytes..<count], as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, let verdict = PluginCheck.Verdict(rawValue: String(lines[0])) else {
      return (shown, nil)
    }
    return (
      shown,
      PluginCheck.Finding(
        verdict, String(lines[2]), remedy: String(lines[3]), digest: UInt64(lines[1]) ?? 0)
    )
  }
}
