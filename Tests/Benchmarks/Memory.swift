import Glibc

/// What this process holds in memory, in bytes: all of it, and the part that no file stands
/// behind, which the system cannot drop and read again.
struct Memory {
  let resident: Int
  let anonymous: Int

  static func now() -> Memory {
    var lines: [Substring: Int] = [:]
    for line in status().split(separator: "\n") {
      let fields = line.split { " \t".contains($0) }
      if fields.count > 1, let kilobytes = Int(fields[1]) { lines[fields[0]] = kilobytes << 10 }
    }
    return Memory(resident: lines["VmRSS:"] ?? 0, anonymous: lines["RssAnon:"] ?? 0)
  }

  private static func status() -> String {
    guard let file = fopen("/proc/self/status", "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
