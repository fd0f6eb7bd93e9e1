# Builds and installs the Lua binding against an installed libk8sc: for LuaRocks, which says where.
CFLAGS ?= -O2 -fPIC
PKG_CONFIG ?= pkg-config
# Lua 5.1 unloads modules before it has run the last finalizers, whose code is in them.
stay ?= -Wl,-z,nodelete
common = ../manifest.c argument.c compat.c decode.c error.c handle.c int64.c scan.c
modules = k8sc_core.so k8sc_testing_core.so

all: $(modules)

k8sc_core_wrap.c: ../k8sc.i
	swig -I.. -lua -module k8sc_core -o $@ $<
k8sc_testing_core_wrap.c: ../testing.i
	swig -I.. -lua -module k8sc_testing_core -o $@ $<

k8sc_core.so: k8sc_core_wrap.c $(common) discovery.c event.c value.c
	$(CC) $(CFLAGS) -fvisibility=hidden -I. -I.. -I$(LUA_INCDIR) $$($(PKG_CONFIG) --cflags k8sc) $(stay) -shared -o $@ $^ $$($(PKG_CONFIG) --libs k8sc)
k8sc_testing_core.so: k8sc_testing_core_wrap.c $(common)
	$(CC) $(CFLAGS) -fvisibility=hidden -I. -I.. -I$(LUA_INCDIR) $$($(PKG_CONFIG) --cflags k8sc-testing) $(stay) -shared -o $@ $^ $$($(PKG_CONFIG) --libs k8sc-testing)

install: $(modules)
	mkdir -p $(LUADIR)/k8sc $(LIBDIR)
	cp k8sc.lua $(LUADIR)
	cp k8sc/*.lua $(LUADIR)/k8sc
	cp $(modules) $(LIBDIR)

clean:
	rm -f $(modules) *_wrap.c

.PHONY: all install clean
