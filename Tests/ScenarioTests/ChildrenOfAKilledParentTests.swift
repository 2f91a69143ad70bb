import Foundation
import TestSupport
import Testing

/// What tries a plugin ends with whoever wanted to know.
@Suite struct ChildrenOfAKilledParentTests {
  private let folder = TemporaryDirectory()

  /// The name, state and parent of a process; nil for none.
  private static func facts(_ process: Int32) -> (state: Character, parent: Int32)? {
    guard let bytes = try? TemporaryDirectory.bytes(of: "/proc/\(process)/stat") else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 1, let state = fields[0].first, let parent = Int32(fields[1]) else {
      return nil
    }
    return (state, parent)
  }

  private static func children(of parent: Int32) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
      .filter { facts($0)?.parent == parent }
  }

  private static func isGone(_ process: Int32) -> Bool {
    facts(process).map { $0.state == "Z" || $0.state == "X" } ?? true
  }

  @Test(arguments: ["pack LIBRARY -o x.keel", "check LIBRARY"])
  func noChildOutlivesAKilledParent(_ line: String) throws {
    let library = try CPluginCompiler.compile("Tests/Fixtures/BadPlugins/hangs_at_load.c")
    let words = line.split(separator: " ").map { $0 == "LIBRARY" ? library : String($0) }
    let keel = try SpawnedKeel(["plugin"] + words, in: folder)
    var child: Int32?
    let deadline = Date(timeIntervalSinceNow: 20)
    while child == nil, Date() < deadline, keel.isRunning {
      // The one that has the library, and hangs in it.
      child = try Self.children(of: keel.processID).first { process in
        (try? TemporaryDirectory.bytes(of: "/proc/\(process)/maps"))
          .map { String(decoding: $0, as: UTF8.self).contains(".so\n") && $0.count > 0 } == true
          && Self.facts(process)?.state == "S"
      }
      usleep(20_000)
    }
    let hanging = try #require(child)
    usleep(200_000)
    try #require(!Self.isGone(hanging), "it hangs")
    keel.send(signal: SIGKILL)
    _ = try keel.wait()
    for _ in 0..<100 where !Self.isGone(hanging) { usleep(10_000) }
    #expect(Self.isGone(hanging))
    if !Self.isGone(hanging) { kill(hanging, SIGKILL) }
  }
}
