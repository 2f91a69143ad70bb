import Glibc
import Storage
import Synchronization

/// A system of which one call fails, from its nth time on: a disk that is full stays full.
final class FaultScript: Sendable {
  enum Call: String, Sendable, CaseIterable {
    case open, preallocate, map, write, sync, syncMapped, truncate, lock, link, rename, remove
    case makeDirectory
  }

  private struct State {
    var counts: [Call: Int] = [:]
    var failing: Call?
    var from = 0
    var number: Int32 = 0
    var writtenMax = Int.max
    var delay: UInt32 = 0
  }
  private let state = Mutex(State())

  init() {}

  init(_ call: Call, from: Int, _ number: Int32) {
    state.withLock {
      $0.failing = call
      $0.from = from
      $0.number = number
    }
  }

  /// No write takes more than this at once.
  func shortenWrites(to count: Int) { state.withLock { $0.writtenMax = count } }

  /// Each sync of mapped pages takes this long.
  func slowDown(microseconds: UInt32) { state.withLock { $0.delay = microseconds } }

  /// From the next call on.
  func fail(_ call: Call, _ number: Int32) {
    state.withLock {
      $0.failing = call
      $0.from = 0
      $0.number = number
    }
  }

  func count(_ call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }

  private func run(_ call: Call, _ real: () -> Int) -> Int {
    let failure: Int32? = state.withLock { state in
      state.counts[call, default: 0] += 1
      let fails = state.failing == call && state.counts[call]! > state.from
      return fails ? state.number : nil
    }
    return failure.map { -Int($0) } ?? real()
  }

  var system: StorageSystem {
    let real = StorageSystem.real
    var system = real
    system.open = { path, flags in self.run(.open) { real.open(path, flags) } }
    system.preallocate = { file, bytes in
      self.run(.preallocate) { real.preallocate(file, bytes) }
    }
    system.map = { file, bytes, writable in
      self.run(.map) { real.map(file, bytes, writable) }
    }
    system.write = { file, bytes, offset in
      self.run(.write) {
        let count = min(bytes.count, self.state.withLock { $0.writtenMax })
        return real.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<count]), offset)
      }
    }
    system.sync = { file in self.run(.sync) { real.sync(file) } }
    system.syncMapped = { start, bytes in
      self.run(.syncMapped) {
        usleep(self.state.withLock { $0.delay })
        return real.syncMapped(start, bytes)
      }
    }
    system.truncate = { file, bytes in self.run(.truncate) { real.truncate(file, bytes) } }
    system.lock = { file in self.run(.lock) { real.lock(file) } }
    system.link = { from, to in self.run(.link) { real.link(from, to) } }
    system.rename = { from, to in self.run(.rename) { real.rename(from, to) } }
    system.remove = { path in self.run(.remove) { real.remove(path) } }
    system.makeDirectory = { path in self.run(.makeDirectory) { real.makeDirectory(path) } }
    return system
  }
}
