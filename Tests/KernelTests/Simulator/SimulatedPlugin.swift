import Kernel
import PluginABI
import PluginBridge
import TestSupport

/// Plugin code made of prepared answers. It remembers what it was asked and what it answered, so
/// that a kernel built anew from its records can be given the same answers to the same batches;
/// where those end, it goes on as before.
final class SimulatedPlugin {
  private struct Call {
    let batch: UInt64
    let answer: RecordBytes?
    let isLate: Bool
  }
  private var calls: [Call] = []
  private var next = RecordBytes()
  private var faultsNext = false
  private var isLateNext = false
  /// The answer to the last batch, if it was too late for its turn.
  private var owed: RecordBytes?
  /// Which call is next; less than there were while a session is repeated.
  private var cursor = 0
  /// Batches that were not those of the first time.
  private(set) var differences = 0
  private let output: UnsafeMutableRawBufferPointer = .allocate(byteCount: 1 << 18, alignment: 16)

  deinit { output.deallocate() }

  /// The host that lends it keeps it alive for as long as the kernel calls it.
  var port: PluginPort {
    PluginPort(process: Self.process, context: Unmanaged.passUnretained(self).toOpaque())
  }

  func answer<C: BitwiseCopyable>(_ record: C) { next.append(record) }
  func fault() { faultsNext = true }
  func beLate() { isLateNext = true }
  func rewind() { cursor = 0 }
  var isCaughtUp: Bool { cursor == calls.count }

  private static let process: PluginPort.Process = { context, batch, records, size in
    let plugin = Unmanaged<SimulatedPlugin>.fromOpaque(context!).takeUnretainedValue()
    var given = plugin.owed
    if let batch {
      let call = plugin.take(batch.pointee)
      plugin.owed = call.answer
      guard !call.isLate else { return PluginPort.later }
      given = call.answer
    }
    guard let answer = given else { return keel_status(KEEL_E_FAULT) }
    answer.withBytes { bytes in
      plugin.output.copyMemory(from: bytes)
      records.pointee = UnsafeRawPointer(plugin.output.baseAddress)
      size.pointee = bytes.count
    }
    return keel_status(KEEL_OK)
  }

  private func take(_ batch: keel_batch) -> Call {
    var hash = WordHash()
    for word in [UInt64(batch.mode), UInt64(batch.generation), UInt64(batch.count)] {
      hash.add(word)
    }
    hash.add(UnsafeRawBufferPointer(start: batch.events, count: batch.bytes))
    defer { cursor += 1 }
    if cursor < calls.count {
      if calls[cursor].batch != hash.value { differences += 1 }
      return calls[cursor]
    }
    let call = Call(
      batch: hash.value, answer: faultsNext ? nil : next,
      isLate: isLateNext && Int(batch.mode) != KEEL_SHADOW)
    faultsNext = false
    isLateNext = false
    next = RecordBytes()
    calls.append(call)
    return call
  }
}
