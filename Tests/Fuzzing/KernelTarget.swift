import Kernel
import PluginABI
import PluginBridge

/// A kernel driven by a script of bytes: facts and answers of the code as records with any fields,
/// or as any bytes at all; failing code, swaps, turns. After each turn the invariants hold.
enum KernelTarget {
  private static let turnsMax = 64

  static func run(_ bytes: UnsafeRawBufferPointer) {
    let bench = KernelBench()
    var input = FuzzInput(bytes)
    var turns = 0
    while !input.isEmpty, turns < turnsMax {
      let word = input.byte()
      let slot = 1 + UInt32(word >> 4) % KernelBench.slots
      switch word & 15 {
      case 0...3: bench.fact(record(RecordShapes.facts, &input, bench))
      case 4...7: bench.answer(record(RecordShapes.answers, &input, bench), of: slot)
      case 8: bench.fact(Array(input.bytes(8 * Int(input.byte()))))
      case 9: bench.answer(Array(input.bytes(Int(input.byte()))), of: slot)
      case 10: bench.fail(slot)
      case 11: bench.attachCompanion(to: slot, author: UInt32(input.byte()), isNew: word >> 7 == 0)
      case 12: bench.detach(slot)
      default:
        bench.turn(after: Int64(input.byte()) << Int64(input.byte() & 31))
        turns += 1
      }
    }
    bench.turn(after: 0)
  }

  /// Type, instrument, source and body from the input; an order id below 64 is one that was given.
  private static func record(
    _ shapes: [RecordShapes.Shape], _ input: inout FuzzInput, _ bench: KernelBench
  ) -> [UInt8] {
    let shape = shapes[Int(input.byte()) % shapes.count]
    var header = keel_event()
    header.size = UInt32(shape.size)
    header.type = UInt16(shape.type)
    let instrument = input.byte()
    header.inst = instrument == 255 ? KEEL_NO_INST : UInt32(instrument)
    header.source = UInt32(input.byte())
    header.ts_venue = KEEL_NULL
    var bytes = withUnsafeBytes(of: header) { Array($0) }
    bytes += input.bytes(shape.size - bytes.count)
    bytes += Array(repeating: 0, count: shape.size - bytes.count)
    if let place = shape.order {
      bytes.withUnsafeMutableBytes { all in
        let number = all.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        guard number < 64, let id = bench.order(Int(number)) else { return }
        all.storeBytes(of: id, toByteOffset: place, as: UInt64.self)
      }
    }
    return bytes
  }
}
