# frozen_string_literal: true

module K8sc
  # What a kubeconfig offers.
  Context = Struct.new(:name, :cluster, :user, :namespace, :current) do
    # Whether it is the current one.
    alias_method :current?, :current
  end

  class << self
    # The contexts of a kubeconfig, which is the name of a file or its text; without it, of the files that kubectl reads.
    # @return [Array<Context>] in the order of the alphabet
    def contexts(kubeconfig = nil)
      Config.need_text(kubeconfig, "contexts") unless kubeconfig.nil?

      handle = kubeconfig&.include?("\n") ? Core.kubeconfig_parse(kubeconfig) : Core.kubeconfig_load(kubeconfig)
      current = handle.current_context
      Array.new(handle.context_count) do |index|
        name = handle.context_name(index)
        context = handle.get_context(name)
        Context.new(name, context["cluster"], context["user"], context["namespace"], name == current)
      end
    end
  end
end
