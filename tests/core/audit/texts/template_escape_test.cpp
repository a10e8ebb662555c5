// SPDX-License-Identifier: GPL-3.0-or-later
// Templates of chats: what reaches behind the messages is told from what writes them down.
#include "core/audit/texts/template_escape.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

TEST(TemplateEscape, IsFoundInEveryDisguise) {
  for (const char* text : {"{{ x.__class__ }}",
                           "{{ x['__class__'] }}",
                           "{{ x[\"__cl\" \"ass__\"] }}",
                           "{{ x['__cla' + 'ss__'] }}",
                           "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
                           "{{ x['\\137\\137init\\137\\137'] }}",
                           "{{ x|attr('a') }}",
                           "{{ cycler.next }}",
                           "{{ lipsum() }}",
                           "{{ self.x }}",
                           "{{ joiner['a'] }}",
                           "{{ namespace.__init__ }}",
                           "{{ x|map(attribute='__globals__') }}",
                           "{{ '{0.__class__}'.format(x) }}",
                           "{% include 'a' %}",
                           "{%- extends 'a' -%}",
                           "{% from 'a' import b %}",
                           "{% set u = '__' %}",
                           "{{ '_'*2 }}",
                           "{{ '%c%c'|format(95, 95) }}",
                           "{{ ['__cl','ass__']|join }}",
                           "{{ '__ssalc__'|reverse }}",
                           "{# a #}{% raw %}{% endraw %}{{ x.__mro__ }}",
                           "{{ 'it\\'s' ~ x.__dict__ }}",
                           "{{ x.mro() }}",
                           "{{ x.func_globals }}",
                           "{{ x._private }}",
                           "{% if x.__class__ %}",
                           "{{ '}}' ~ x.__class__ }}"})
    EXPECT_TRUE(templateEscape(text)) << text;
}

TEST(TemplateEscape, IsNotSeenInOrdinaryTemplates) {
  for (const char* text : {"",
                           "no template",
                           "{{ messages[0]['role'] }}",
                           "{% for m in messages %}{{ m.content|trim }}{% endfor %}",
                           "{# x.__class__ #}",
                           "{% raw %}{{ x.__class__ }}{% endraw %}",
                           "__class__ outside of {{ x }}",
                           "{{ '<__start__>' + x }}",
                           "{% if x in ['__a__', '__b__'] %}{% endif %}",
                           "{{ self }}",
                           "{{ config }}",
                           "{{ x.replace('_', ' ') }}",
                           "{{ '%s' % x }}",
                           "{% set a = namespace(b='_x_') %}{% set a.b = 1 %}",
                           "{{ raise_exception('a.__b') }}",
                           "{{ tools|selectattr('type', 'equalto', 'f')|map(attribute='name')|join(', ') }}",
                           "{{ {'include': 1, 'import': 2} }}",
                           "{% generation %}{{ x }}{% endgeneration %}",
                           "{{",
                           "{% '",
                           "{#"})
    EXPECT_EQ(templateEscape(text).value_or(""), "") << text;
}

}  // namespace
}  // namespace lapidary::core
