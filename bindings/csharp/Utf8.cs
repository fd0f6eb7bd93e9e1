using System;
using System.Text;

namespace K8sc {
  /// <summary>Text to and from the library, as UTF-8 on every platform and run-time.</summary>
  internal static class Utf8 {
    static readonly Encoding strict = new UTF8Encoding(false, true);

    internal static byte[] ToNative(string text) {
      if (text == null) return null;
      if (text.IndexOf('\0') >= 0) throw new ArgumentException("the text contains a NUL character");
      var bytes = new byte[strict.GetByteCount(text) + 1];
      strict.GetBytes(text, 0, text.Length, bytes, 0);
      return bytes;
    }

    internal static unsafe string FromNative(IntPtr text) {
      if (text == IntPtr.Zero) return null;
      var bytes = (byte*)text;
      int length = 0;
      while (bytes[length] != 0) length++;
      return length == 0 ? "" : Encoding.UTF8.GetString(bytes, length);
    }
  }
}
