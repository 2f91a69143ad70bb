import Foundation
import TestSupport

/// Where tests keep journals: memory, where syncs are free, and a disk.
enum Medium: String, CaseIterable {
  case memory, disk

  func directory() -> TemporaryDirectory {
    let shared = "/dev/shm"
    let isMemory = self == .memory && FileManager.default.fileExists(atPath: shared)
    return TemporaryDirectory(in: isMemory ? shared : nil)
  }
}
