import Glibc
import JSON
import TestSupport

/// Where the figures were taken: the first line, without which the others mean little.
enum Machine {
  static func report() {
    Benchmark.write([
      ("name", .string("machine")), ("cpu", .string(processor)),
      ("cores", .integer(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), ("kernel", .string(kernel)),
      ("swift", .string(compiler)),
    ])
  }

  private static var processor: String {
    let text = (try? TemporaryDirectory.bytes(of: "/proc/cpuinfo")) ?? []
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("model name") || $0.hasPrefix("CPU part") }
    return line?.split(separator: ":").last.map { $0.drop { $0 == " " } }.map(String.init)
      ?? "unknown"
  }

  private static var kernel: String {
    let text = (try? TemporaryDirectory.bytes(of: "/proc/sys/kernel/osrelease")) ?? []
    return String(decoding: text.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// Of the toolchain at hand, which is the one that `make bench` builds with.
  private static var compiler: String {
    let said = (try? ToolRun.require(["swiftc", "--version"])) ?? ""
    return said.split(separator: "\n").first { $0.contains("Swift version") }.map(String.init)
      ?? "unknown"
  }
}
