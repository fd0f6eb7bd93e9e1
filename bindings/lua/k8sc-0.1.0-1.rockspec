-- In a checkout, where the library is installed: cd bindings/lua && luarocks make
package = "k8sc"
version = "0.1.0-1"
source = {
  url = "file://k8sc-0.1.0.tar.gz",
  dir = "k8sc-0.1.0/bindings/lua",
}
description = {
  summary = "A Kubernetes client: informers, watches, all groups and verbs",
  detailed = "The Lua layer of libk8sc, which has to be installed, with pkg-config and SWIG.",
  license = "Apache-2.0",
}
dependencies = { "lua >= 5.1, < 5.5" }
build = {
  type = "make",
  makefile = "rock.mk",
  build_variables = { CFLAGS = "$(CFLAGS)", LUA_INCDIR = "$(LUA_INCDIR)" },
  install_variables = { LUADIR = "$(LUADIR)", LIBDIR = "$(LIBDIR)" },
}
