# frozen_string_literal: true

module K8sc
  # What was probably meant by a name that does not exist.
  # @api private
  module Similar
    module_function

    # What a message ends with.
    def hint(name, known)
      known = known.map(&:to_s)
      best = nearest(name.to_s, known)
      best ? "; did you mean #{best}?" : "; there are: #{known.sort.join(', ')}"
    end

    def nearest(name, known)
      plain = name.downcase.delete("_-")
      best = known.min_by { |one| [distance(plain, one.downcase.delete("_-")), one] }
      best if best && distance(plain, best.downcase.delete("_-")) <= [2, plain.size / 3].max
    end

    def distance(from, to)
      row = (0..to.size).to_a
      from.each_char.with_index(1) do |char, i|
        diagonal = row[0]
        row[0] = i
        to.each_char.with_index(1) do |other, j|
          above = row[j]
          row[j] = [above + 1, row[j - 1] + 1, diagonal + (char == other ? 0 : 1)].min
          diagonal = above
        end
      end
      row.last
    end
  end
end
