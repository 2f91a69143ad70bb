/// The 64-bit FNV-1a hash: for telling things apart quickly, never for proving who made them.
public struct FNV1a: Sendable {
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  public init() {}

  public mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  public mutating func add(contentsOf bytes: some Sequence<UInt8>) {
    for byte in bytes { add(byte) }
  }

  public static func hash(of bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = FNV1a()
    hash.add(contentsOf: bytes)
    return hash.value
  }
}
