/**
 * Counters and gauges in Prometheus' text format. Labels are from small closed sets: never an id.
 */
export class Metrics {
  /** @type {Map<string, {help: string, type: string, values: Map<string, number>}>} */ #families = new Map()
  /** @type {Array<() => void>} */ #collectors = []

  /** @param {string} name @param {string} help @param {Record<string, string>} [labels] @param {number} [by] */
  count(name, help, labels = {}, by = 1) {
    const values = this.#family(name, help, 'counter')
    const key = labelText(labels)
    values.set(key, (values.get(key) ?? 0) + by)
  }

  /** @param {string} name @param {string} help @param {Record<string, string>} labels @param {number} value */
  set(name, help, labels, value) {
    this.#family(name, help, 'gauge').set(labelText(labels), value)
  }

  /**
   * Called before each rendering, to set gauges.
   *
   * @param {() => void} collect
   */
  collect(collect) {
    this.#collectors.push(collect)
  }

  render() {
    for (const family of this.#families.values()) if (family.type === 'gauge') family.values.clear()
    for (const collect of this.#collectors) collect()
    let text = ''
    for (const [name, { help, type, values }] of this.#families) {
      if (values.size === 0) continue
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
      for (const [labels, value] of values) text += `${name}${labels} ${value}\n`
    }
    return text
  }

  /** @param {string} name @param {string} help @param {string} type */
  #family(name, help, type) {
    let family = this.#families.get(name)
    if (!family) this.#families.set(name, (family = { help, type, values: new Map() }))
    return family.values
  }
}

/** @param {Record<string, string>} labels */
function labelText(labels) {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`)
  return pairs.length ? `{${pairs.join(',')}}` : ''
}
