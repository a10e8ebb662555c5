<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>Figures</name>
    <message numerus="yes">
        <source>How far the model still looks at the same positions: maps of %n sample(s) before and after the cut, 1 is unchanged.</source>
        <translation>
            <numerusform>How far the model still looks at the same positions: maps of %n sample before and after the cut, 1 is unchanged.</numerusform>
            <numerusform>How far the model still looks at the same positions: maps of %n samples before and after the cut, 1 is unchanged.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message numerus="yes">
        <source>the first %n samples</source>
        <translation>
            <numerusform>the first sample</numerusform>
            <numerusform>the first %n samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>and %n more of this kind</source>
        <translation><numerusform>and %n more of this kind</numerusform><numerusform>and %n more of this kind</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::AuditWatch</name>
    <message numerus="yes">
        <source>The audit of this file has %n finding(s), the worst of severity “%1”: File, Audit a file…</source>
        <translation>
            <numerusform>The audit of this file has %n finding, of severity “%1”: File, Audit a file…</numerusform>
            <numerusform>The audit of this file has %n findings, the worst of severity “%1”: File, Audit a file…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::CutPanel</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation><numerusform>%n layer</numerusform><numerusform>%n layers</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LayerTableModel</name>
    <message numerus="yes">
        <source>%1 zeros, %n bit(s) a weight</source>
        <translation><numerusform>%1 zeros, %n bit a weight</numerusform><numerusform>%1 zeros, %n bits a weight</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LivePanel</name>
    <message numerus="yes">
        <source>%n recipe(s) measured</source>
        <translation><numerusform>%n recipe measured</numerusform><numerusform>%n recipes measured</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to come, once all is quiet</source>
        <translation>
            <numerusform>%n to come, once all is quiet</numerusform>
            <numerusform>%n to come, once all is quiet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ProfileChart</name>
    <message numerus="yes">
        <source>%1 for %n sample(s), one thread</source>
        <translation><numerusform>%1 for %n sample, one thread</numerusform><numerusform>%1 for %n samples, one thread</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>median of %n run(s)</source>
        <translation><numerusform>median of %n run</numerusform><numerusform>median of %n runs</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ReliabilityChart</name>
    <message numerus="yes">
        <source>%n answer(s), given with %1 on average</source>
        <translation>
            <numerusform>%n answer, given with %1 on average</numerusform>
            <numerusform>%n answers, given with %1 on average</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StatusLine</name>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation><numerusform>%n worker</numerusform><numerusform>%n workers</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s) compute.</source>
        <translation><numerusform>%n thread computes.</numerusform><numerusform>%n threads compute.</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::TradeOffChart</name>
    <message numerus="yes">
        <source>%n sample(s)</source>
        <translation><numerusform>%n sample</numerusform><numerusform>%n samples</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::WeightsView</name>
    <message numerus="yes">
        <source>%n level(s)</source>
        <translation><numerusform>%n level</numerusform><numerusform>%n levels</numerusform></translation>
    </message>
</context>
<context>
    <name>RuntimeCheck</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Planner</name>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation><numerusform>%n worker</numerusform><numerusform>%n workers</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation><numerusform>%n step</numerusform><numerusform>%n steps</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) with weights</source>
        <translation><numerusform>%n layer with weights</numerusform><numerusform>%n layers with weights</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Pipeline of %n stage(s)</source>
        <translation><numerusform>Pipeline of %n stage</numerusform><numerusform>Pipeline of %n stages</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::CalibrationCoach</name>
    <message numerus="yes">
        <source>The range still moved by %1 in the last of %n samples: more may help (View &gt; Calibration).</source>
        <translation>
            <numerusform>The range still moved by %1 with the last of %n sample: more may help (View &gt; Calibration).</numerusform>
            <numerusform>The range still moved by %1 in the last of %n samples: more may help (View &gt; Calibration).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>after %n sample(s)</source>
        <translation>
            <numerusform>after %n sample</numerusform>
            <numerusform>after %n samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ChannelGroupLabel</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n head(s), of which %1 may go</source>
        <translation>
            <numerusform>%n head, of which %1 may go</numerusform>
            <numerusform>%n heads, of which %1 may go</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s), of which %1 may go</source>
        <translation>
            <numerusform>%n channel, of which %1 may go</numerusform>
            <numerusform>%n channels, of which %1 may go</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>With %n constant(s): biases, norms, shapes</source>
        <translation>
            <numerusform>With %n constant: biases, norms, shapes</numerusform>
            <numerusform>With %n constants: biases, norms, shapes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PlannerView</name>
    <message numerus="yes">
        <source>%n processor(s)</source>
        <translation><numerusform>%n processor</numerusform><numerusform>%n processors</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>batches of %n sample(s)</source>
        <translation><numerusform>batches of %n sample</numerusform><numerusform>batches of %n samples</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RepairDialog</name>
    <message numerus="yes">
        <source>About %1 for %n epoch(s) on this machine, %2 each</source>
        <translation>
            <numerusform>About %1 for %n epoch on this machine, %2 each</numerusform>
            <numerusform>About %1 for %n epochs on this machine, %2 each</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RepairForm</name>
    <message numerus="yes">
        <source>the open data (%n sample(s))</source>
        <translation>
            <numerusform>the open data (%n sample)</numerusform>
            <numerusform>the open data (%n samples)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SearchDialog</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cut(s) measured</source>
        <translation>
            <numerusform>%n cut measured</numerusform>
            <numerusform>%n cuts measured</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Applied: %1, a drop of %2 points where it was chosen (%n sample(s))</source>
        <translation>
            <numerusform>Applied: %1, a drop of %2 points where it was chosen (%n sample)</numerusform>
            <numerusform>Applied: %1, a drop of %2 points where it was chosen (%n samples)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Found: %1, %2 where it was chosen (%n sample(s))</source>
        <translation><numerusform>Found: %1, %2 where it was chosen (%n sample)</numerusform><numerusform>Found: %1, %2 where it was chosen (%n samples)</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SensitivityModel</name>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n bit</numerusform>
            <numerusform>%n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>on %n sample(s)</source>
        <translation>
            <numerusform>on %n sample</numerusform>
            <numerusform>on %n samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::JobTray</name>
    <message numerus="yes">
        <source>%n job(s) at work</source>
        <translation><numerusform>%n job at work</numerusform><numerusform>%n jobs at work</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) ended</source>
        <translation><numerusform>%n job ended</numerusform><numerusform>%n jobs ended</numerusform></translation>
    </message>
</context>
</TS>
