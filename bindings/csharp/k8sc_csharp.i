/*
 * C#: how arguments and answers of the shared interface look there, for netstandard2.0 and Mono: the plain functions, on which the
 * layer beside this file stands. Errors are thrown as KubernetesException, text is UTF-8 whatever the platform's code page is, `out`
 * handles are C#'s `out`, and a handle is held by a SafeHandle, so that Dispose() on one thread frees nothing under a call on another.
 */
/* Where a name is a keyword of C#, SWIG appends "_", and that is fine. */
#pragma SWIG nowarn=314

%pragma(csharp) moduleclassmodifiers="public static class"
%pragma(csharp) imclassclassmodifiers="internal class"

/* Text. Stock SWIG marshals `string` by the platform's code page. */
%typemap(ctype) const char * "const char *"
%typemap(imtype, out="global::System.IntPtr") const char * "byte[]"
%typemap(cstype) const char * "string"
%typemap(csin) const char * "Utf8.ToNative($csinput)"
/* It lies in the handle's memory, which is held until it was copied. */
%typemap(csout, excode=SWIGEXCODE) const char * {
    bool held = false;
    try {
      swigCPtr.DangerousAddRef(ref held);
      string text = Utf8.FromNative($imcall);$excode
      return text;
    } finally {
      if (held) swigCPtr.DangerousRelease();
    }
  }
%typemap(csvarout, excode=SWIGEXCODE2) const char * ""
%typemap(in) const char * %{ $1 = ($1_ltype)$input; %}
%typemap(out) const char * %{ $result = $1; %}
%typemap(freearg) const char * ""
%define %k8sc_static_text(FUNCTION)
%typemap(csout, excode=SWIGEXCODE) const char *FUNCTION { string text = Utf8.FromNative($imcall);$excode return text; }
%enddef
%k8sc_static_text(k8sc_version)
%k8sc_static_text(k8sc_status_name)

/* The length is measured here: what is wrapped ends with NUL. */
%typemap(ctype) (const char *text, size_t text_len), (const char *key, size_t key_len) "const char *"
%typemap(imtype) (const char *text, size_t text_len), (const char *key, size_t key_len) "byte[]"
%typemap(cstype) (const char *text, size_t text_len), (const char *key, size_t key_len) "string"
%typemap(csin) (const char *text, size_t text_len), (const char *key, size_t key_len) "Utf8.ToNative($csinput)"
%typemap(in) (const char *text, size_t text_len), (const char *key, size_t key_len)
%{ $1 = ($1_ltype)$input; $2 = $input ? strlen($input) : 0; %}
%typemap(freearg) (const char *text, size_t text_len), (const char *key, size_t key_len) ""
%typemap(in, numinputs=0) size_t *len (size_t len = 0) %{ $1 = &len; %}
/* raw() alone is not ended by NUL. */
%ignore k8sc_object::raw;

%typemap(ctype) char **out "char **"
%typemap(imtype) char **out "out global::System.IntPtr"
%typemap(cstype) char **out "out string"
%typemap(csin, pre="    global::System.IntPtr owned_$csinput = global::System.IntPtr.Zero;",
         post="      $csinput = Utf8.FromNative(owned_$csinput); $imclassname.k8sc_cs_free(owned_$csinput);") char **out "out owned_$csinput"
%typemap(in) char **out %{ $1 = $input; %}
%typemap(argout) char **out ""

/* Errors: a managed function, registered once, keeps the exception until the call has come back. */
%{
typedef void (SWIGSTDCALL *k8sc_cs_throw_fn)(const k8sc_error *error);
static k8sc_cs_throw_fn k8sc_cs_throw;
SWIGEXPORT void SWIGSTDCALL k8sc_cs_register(k8sc_cs_throw_fn fn) { k8sc_cs_throw = fn; }
SWIGEXPORT void SWIGSTDCALL k8sc_cs_free(char *text) { k8sc_string_free(text); }
SWIGEXPORT void SWIGSTDCALL k8sc_cs_error_free(k8sc_error *error) { k8sc_error_free(error); }
SWIGEXPORT int32_t SWIGSTDCALL k8sc_cs_error_code(const k8sc_error *error) { return k8sc_error_code(error); }
SWIGEXPORT int32_t SWIGSTDCALL k8sc_cs_error_http_status(const k8sc_error *error) { return k8sc_error_http_status(error); }
SWIGEXPORT const char *SWIGSTDCALL k8sc_cs_error_message(const k8sc_error *error) { return k8sc_error_message(error); }
SWIGEXPORT const char *SWIGSTDCALL k8sc_cs_error_reason(const k8sc_error *error) { return k8sc_error_reason(error); }
SWIGEXPORT const char *SWIGSTDCALL k8sc_cs_error_status_json(const k8sc_error *error) { return k8sc_error_status_json(error); }
SWIGEXPORT int64_t SWIGSTDCALL k8sc_cs_error_retry_after(const k8sc_error *error) { return k8sc_error_retry_after_ms(error); }
SWIGEXPORT int32_t SWIGSTDCALL k8sc_cs_error_cause_count(const k8sc_error *error) { return k8sc_error_cause_count(error); }
/* Part 0 is the type, 1 the field, 2 the message. */
SWIGEXPORT const char *SWIGSTDCALL k8sc_cs_error_cause(const k8sc_error *error, int32_t index, int32_t part)
{
    if (part == 0) return k8sc_error_cause_type(error, index);
    return part == 1 ? k8sc_error_cause_field(error, index) : k8sc_error_cause_message(error, index);
}
/* A piece of a body is bytes: a character may be cut. Copies at most `size`, and answers how many there are. */
SWIGEXPORT int64_t SWIGSTDCALL k8sc_cs_event_data(const k8sc_event *event, char *bytes, int64_t size)
{
    size_t len = 0;
    const char *data = k8sc_event_data(event, &len);
    if (len > 0 && size > 0) memcpy(bytes, data, len < (size_t)size ? len : (size_t)size);
    return (int64_t)len;
}
/* The predicates as bits, in the order of KubernetesException. */
SWIGEXPORT int32_t SWIGSTDCALL k8sc_cs_error_is(const k8sc_error *error)
{
    return (k8sc_error_is_not_found(error) ? 1 : 0) | (k8sc_error_is_already_exists(error) ? 2 : 0) |
           (k8sc_error_is_conflict(error) ? 4 : 0) | (k8sc_error_is_invalid(error) ? 8 : 0) | (k8sc_error_is_gone(error) ? 16 : 0) |
           (k8sc_error_is_forbidden(error) ? 32 : 0) | (k8sc_error_is_unauthorized(error) ? 64 : 0) |
           (k8sc_error_is_too_many_requests(error) ? 128 : 0) | (k8sc_error_is_timeout(error) ? 256 : 0) |
           (k8sc_error_is_retriable(error) ? 512 : 0) | (k8sc_error_is_not_processed(error) ? 1024 : 0);
}
%}
%pragma(csharp) imclasscode=%{
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern void k8sc_cs_free(global::System.IntPtr text);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern void k8sc_cs_error_free(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern int k8sc_cs_error_code(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern int k8sc_cs_error_http_status(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern global::System.IntPtr k8sc_cs_error_message(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern global::System.IntPtr k8sc_cs_error_reason(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern global::System.IntPtr k8sc_cs_error_status_json(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern int k8sc_cs_error_is(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern long k8sc_cs_event_data(global::System.Runtime.InteropServices.SafeHandle handle, byte[] bytes, long size);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern long k8sc_cs_error_retry_after(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern int k8sc_cs_error_cause_count(global::System.IntPtr error);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] internal static extern global::System.IntPtr k8sc_cs_error_cause(global::System.IntPtr error, int index, int part);
  [global::System.Runtime.InteropServices.DllImport("$dllimport")] static extern void k8sc_cs_register(ThrowFn fn);
  [global::System.Runtime.InteropServices.UnmanagedFunctionPointer(global::System.Runtime.InteropServices.CallingConvention.Cdecl)]
  delegate void ThrowFn(global::System.IntPtr error);
  static void Throw(global::System.IntPtr error) { SWIGPendingException.Set(KubernetesException.Of(error)); }
  /* Static: the other side keeps the pointer for the life of the process. */
  static readonly ThrowFn throwFn = Throw;
  internal sealed class Registration_ { internal Registration_() { k8sc_cs_register(throwFn); } }
  internal static readonly Registration_ registration = new Registration_();
%}
%typemap(in, numinputs=0) k8sc_error **err (k8sc_error *err = NULL) %{ $1 = &err; %}
%typemap(argout, canthrow=1) k8sc_error **err %{
    if (*$1) {
        k8sc_cs_throw(*$1);
        k8sc_error_free(*$1);
        return $null;
    }
%}
%typemap(ctype) k8sc_status "int"
%typemap(imtype) k8sc_status "int"
%typemap(cstype) k8sc_status "void"
%typemap(out) k8sc_status %{ $result = $1; %}
%typemap(csout, excode=SWIGEXCODE) k8sc_status {
    $imcall;$excode
  }
%typemap(ctype) const k8sc_error * "const k8sc_error *"
%typemap(imtype) const k8sc_error * "global::System.IntPtr"
%typemap(cstype) const k8sc_error * "global::System.Exception"
%typemap(out) const k8sc_error * %{ $result = $1; %}
%typemap(csout, excode=SWIGEXCODE) const k8sc_error * {
    bool held = false;
    try {
      swigCPtr.DangerousAddRef(ref held);
      global::System.IntPtr error = $imcall;$excode
      return error == global::System.IntPtr.Zero ? null : KubernetesException.Of(error);
    } finally {
      if (held) swigCPtr.DangerousRelease();
    }
  }

/* What failed beside an answer. */
%typemap(ctype) k8sc_error **partial "k8sc_error **"
%typemap(imtype) k8sc_error **partial "out global::System.IntPtr"
%typemap(cstype) k8sc_error **partial "out global::System.Exception"
%typemap(csin, pre="    global::System.IntPtr failed = global::System.IntPtr.Zero;",
         post="      $csinput = KubernetesException.Taken(failed);") k8sc_error **partial "out failed"
%typemap(in) k8sc_error **partial %{ $1 = $input; *$1 = NULL; %}
%typemap(argout) k8sc_error **partial ""
%typemap(ctype) int *yes "int *"
%typemap(imtype) int *yes "out int"
%typemap(cstype) int *yes "out bool"
%typemap(csin, pre="    int answer = 0;", post="      $csinput = answer != 0;") int *yes "out answer"
%typemap(in) int *yes %{ $1 = $input; %}
%typemap(argout) int *yes ""

/* Handles. The typemaps are for SWIGTYPE: in C, SWIG knows a proxy's type as `struct k8sc_client`. */
%typemap(ctype) SWIGTYPE * "void *"
%typemap(imtype, out="global::System.IntPtr") SWIGTYPE * "global::System.Runtime.InteropServices.SafeHandle"
%typemap(csclassmodifiers) SWIGTYPE "public sealed partial class"
%typemap(csbody) SWIGTYPE %{
  internal sealed class Handle : global::System.Runtime.InteropServices.SafeHandle {
    internal Handle(global::System.IntPtr pointer, bool own) : base(global::System.IntPtr.Zero, own) { SetHandle(pointer); }
    public override bool IsInvalid { get { return handle == global::System.IntPtr.Zero; } }
    [global::System.Runtime.InteropServices.DllImport("$dllimport", EntryPoint="CSharp_K8scfNative_delete_$csclassname___")]
    static extern void Free(global::System.IntPtr pointer);
    protected override bool ReleaseHandle() { Free(handle); return true; }
  }
  readonly Handle swigCPtr;
  internal $csclassname(global::System.IntPtr pointer, bool own) { swigCPtr = new Handle(pointer, own); }
  internal static Handle getCPtr($csclassname proxy) { return proxy == null ? new Handle(global::System.IntPtr.Zero, false) : proxy.swigCPtr; }
%}
%typemap(csbody) k8sc_object, struct k8sc_object %{
  internal sealed class Handle : global::System.Runtime.InteropServices.SafeHandle {
    internal Handle(global::System.IntPtr pointer, bool own) : base(global::System.IntPtr.Zero, own) { SetHandle(pointer); if (own) Weight.Add(); }
    public override bool IsInvalid { get { return handle == global::System.IntPtr.Zero; } }
    [global::System.Runtime.InteropServices.DllImport("$dllimport", EntryPoint="CSharp_K8scfNative_delete_$csclassname___")]
    static extern void Free(global::System.IntPtr pointer);
    protected override bool ReleaseHandle() { Free(handle); Weight.Remove(); return true; }
  }
  readonly Handle swigCPtr;
  internal $csclassname(global::System.IntPtr pointer, bool own) { swigCPtr = new Handle(pointer, own); }
  internal static Handle getCPtr($csclassname proxy) { return proxy == null ? new Handle(global::System.IntPtr.Zero, false) : proxy.swigCPtr; }
%}
%typemap(csdispose) SWIGTYPE "public void Dispose() { swigCPtr.Dispose(); }"
%typemap(csdisposing, methodname="DisposeUnused", methodmodifiers="private", parameters="") SWIGTYPE ""

%define %k8sc_handle(TYPE, CLASS)
%typemap(ctype) TYPE **out "void **"
%typemap(imtype) TYPE **out "out global::System.IntPtr"
%typemap(cstype) TYPE **out "out CLASS"
%typemap(csin, pre="    global::System.IntPtr pointer_$csinput = global::System.IntPtr.Zero;",
         post="      $csinput = pointer_$csinput == global::System.IntPtr.Zero ? null : new CLASS(pointer_$csinput, true);") TYPE **out "out pointer_$csinput"
%typemap(in) TYPE **out %{ $1 = ($1_ltype)$input; *$1 = NULL; %}
%typemap(argout) TYPE **out ""
%enddef
%include "generated/csharp_handles.i"
%apply k8sc_object **out { k8sc_object **groups };

/* Those that a function answers directly are borrowed from its handle, and may outlive it here. */
%typemap(out) k8sc_object * %{ $result = k8sc_object_ref($1); %}
%typemap(out) k8sc_queue * %{ $result = k8sc_queue_ref($1); %}
%typemap(out) k8sc_rate_limiter * %{ $result = k8sc_rate_limiter_ref($1); %}
%typemap(csout, excode=SWIGEXCODE) SWIGTYPE * {
    global::System.IntPtr pointer = $imcall;$excode
    return pointer == global::System.IntPtr.Zero ? null : new $csclassname(pointer, true);
  }

/* Subscriptions are pulled: a number takes the place of the callback triple and comes back with each event. */
%typemap(ctype) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy) "int64_t"
%typemap(imtype) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy) "long"
%typemap(cstype) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy) "long"
%typemap(csin) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy) "$csinput"
%typemap(in) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy) %{ $1 = NULL; $2 = (void *)(intptr_t)$input; $3 = NULL; %}
%typemap(ctype) void * "int64_t"
%typemap(imtype) void * "long"
%typemap(cstype) void * "long"
%typemap(out) void * %{ $result = (int64_t)(intptr_t)$1; %}
%typemap(csout, excode=SWIGEXCODE) void * {
    long number = $imcall;$excode
    return number;
  }

/* True where events wait. */
%rename(wait) k8sc_queue::wait_ready;
%extend k8sc_queue {
    bool wait_ready(int64_t timeout_ms, k8sc_error **err) {
        int ready = 0;
        k8sc_queue_wait($self, timeout_ms, &ready, err);
        return ready != 0;
    }
}
