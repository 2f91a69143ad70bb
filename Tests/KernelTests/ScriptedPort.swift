import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// Plugin code made of prepared answers, which remembers every batch it was given.
final class ScriptedPort {
  struct Heard {
    let mode: Int
    let generation: UInt32
    let slot: UInt32
    let count: Int
    let batches: UInt64
    let now: Int64
    let records: RecordBytes
  }

  private(set) var heard: [Heard] = []
  /// What it answered, fault or records, one for each batch: enough to replay it.
  private(set) var answered: [RecordBytes?] = []
  /// Answers to the next batch.
  private var next = RecordBytes()
  private var faultsNext = false
  private var isLateNext = false
  /// The answer to a batch that was too late for its turn.
  private var owed: RecordBytes?
  /// When set, the answers by batch number, and nothing else.
  private var recording: [RecordBytes?]?
  private var output: UnsafeMutableRawBufferPointer = .allocate(byteCount: 1 << 20, alignment: 16)

  init(replaying recording: [RecordBytes?]? = nil) { self.recording = recording }
  deinit { output.deallocate() }

  /// The scenario keeps the script alive for as long as the kernel calls it.
  var port: PluginPort {
    PluginPort(process: Self.process, context: Unmanaged.passUnretained(self).toOpaque())
  }

  func answer<C: BitwiseCopyable>(_ record: C) { next.append(record) }
  func answer(_ records: RecordBytes) { records.withBytes { next.append($0) } }
  func fault() { faultsNext = true }
  /// The answer to the next batch is given only when it is asked for again.
  func beLate() { isLateNext = true }

  private static let process: PluginPort.Process = { context, batch, records, size in
    let script = Unmanaged<ScriptedPort>.fromOpaque(context!).takeUnretainedValue()
    let given = batch.map { script.take($0.pointee) } ?? script.owed
    if batch != nil, script.isLateNext {
      script.isLateNext = false
      script.owed = given
      return PluginPort.later
    }
    guard let answer = given else { return keel_status(KEEL_E_FAULT) }
    answer.withBytes { bytes in
      script.output.copyMemory(from: bytes)
      records.pointee = UnsafeRawPointer(script.output.baseAddress)
      size.pointee = bytes.count
    }
    return keel_status(KEEL_OK)
  }

  private func take(_ batch: keel_batch) -> RecordBytes? {
    heard.append(
      Heard(
        mode: Int(batch.mode), generation: batch.generation, slot: batch.slot,
        count: Int(batch.count), batches: batch.slot_count, now: batch.now,
        records: RecordBytes(UnsafeRawBufferPointer(start: batch.events, count: batch.bytes))))
    let answer: RecordBytes?
    if let recording {
      answer = recording[heard.count - 1]
    } else {
      answer = faultsNext ? nil : next
    }
    faultsNext = false
    next = RecordBytes()
    answered.append(answer)
    return answer
  }
}
