#if hasFeature(Embedded)
  internal import PluginRuntime
#else
  internal import Glibc
#endif

/// The transcendental functions, from libm. Their last bit may differ between machines: keep them
/// out of state that must be equal everywhere.
extension Double {
  public var exponential: Double { exp(self) }
  public var naturalLogarithm: Double { log(self) }
  public var binaryLogarithm: Double { log2(self) }
  public var decimalLogarithm: Double { log10(self) }
  public var sine: Double { sin(self) }
  public var cosine: Double { cos(self) }
  public var hyperbolicTangent: Double { tanh(self) }
  public var errorFunction: Double { erf(self) }
  public func raised(to exponent: Double) -> Double { pow(self, exponent) }
}
