# frozen_string_literal: true

module K8sc
  # What a kubeconfig offers.
  Context = Struct.new(:name, :cluster, :user, :namespace, :current) do
    # Whether it is the current one.
    alias_method :current?, :current
  end

  class << self
    # A kubeconfig to read, edit and write, by the methods of k8sc_kubeconfig in k8sc.h: the name of a file or its text; without it, the files
    # that kubectl reads.
    # @return [Core::Kubeconfig]
    def kubeconfig(given = nil)
      Config.need_text(given, "kubeconfig") unless given.nil?
      given&.include?("\n") ? Core.kubeconfig_parse(given) : Core.kubeconfig_load(given)
    end

    # The contexts of a kubeconfig, which is the name of a file or its text; without it, of the files that kubectl reads.
    # @return [Array<Context>] in the order of the alphabet
    def contexts(kubeconfig = nil)
      Config.need_text(kubeconfig, "contexts") unless kubeconfig.nil?

      handle = self.kubeconfig(kubeconfig)
      current = handle.current_context
      Array.new(handle.context_count) do |index|
        name = handle.context_name(index)
        context = handle.get_context(name)
        Context.new(name, context["cluster"], context["user"], context["namespace"], name == current)
      end
    end
  end
end
