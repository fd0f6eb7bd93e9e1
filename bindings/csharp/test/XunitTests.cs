// All tests, one by one, as xunit sees them.
using System.Collections.Generic;
using System.Linq;
using Xunit;

public class XunitTests {
  public static IEnumerable<object[]> Names() { return Check.All().Select(method => new object[] { method.DeclaringType.Name + "." + method.Name }); }

  [Theory, MemberData(nameof(Names))]
  public void Run(string name) { Check.Run(Check.All().Single(method => method.DeclaringType.Name + "." + method.Name == name)); }
}
