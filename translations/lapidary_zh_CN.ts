<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Audit</name>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>中</translation>
    </message>
    <message>
        <source>High</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Critical</source>
        <translation>严重</translation>
    </message>
</context>
<context>
    <name>AuditRules</name>
    <message>
        <source>Looked into in part</source>
        <translation>仅部分审查</translation>
    </message>
    <message>
        <source>Configurations and what is hidden are searched for; what the format means beyond that is not followed.</source>
        <translation>只查找其中的配置和隐藏内容，不再解读该格式的其余含义。</translation>
    </message>
    <message>
        <source>Nothing that the audit knows</source>
        <translation>审查完全不认识的内容</translation>
    </message>
    <message>
        <source>None of it was looked into: it may hold anything.</source>
        <translation>其中的任何内容都未经审查，可能含有任何东西。</translation>
    </message>
    <message>
        <source>Find out what wrote it, and use a tool that knows it; --allow-unknown passes it on the command line.</source>
        <translation>查明它由什么程序写出，并使用认识它的工具；命令行上可用 --allow-unknown 放行。</translation>
    </message>
    <message>
        <source>A packed stream that breaks off</source>
        <translation>中断的压缩流</translation>
    </message>
    <message>
        <source>A loader runs what comes out before the break; what follows it was not seen.</source>
        <translation>加载程序会运行中断之前解出的内容；其后的内容未被看到。</translation>
    </message>
    <message>
        <source>A Keras layer that reads a file of the machine</source>
        <translation>会读取本机文件的 Keras 层</translation>
    </message>
    <message>
        <source>Loading the model reads the path that the configuration names, and can carry the content away.</source>
        <translation>加载模型会读取配置所指的路径，并可能把其内容带走。</translation>
    </message>
    <message>
        <source>Do not load it. Ask for a model that holds its vocabulary.</source>
        <translation>不要加载它。请索取自带词表的模型。</translation>
    </message>
    <message>
        <source>A configuration that runs code</source>
        <translation>会运行代码的配置</translation>
    </message>
    <message>
        <source>A program that builds the model from it calls the function that it names, with the arguments that it gives.</source>
        <translation>依此配置构建模型的程序会以其给出的参数调用其指明的函数。</translation>
    </message>
    <message>
        <source>Do not load it. Ask its maker what the entry is for.</source>
        <translation>不要加载它。询问制作者该条目的用途。</translation>
    </message>
    <message>
        <source>A configuration that makes objects of Python</source>
        <translation>会创建 Python 对象的配置</translation>
    </message>
    <message>
        <source>A reader of YAML that takes such tags imports the module and calls the class that the tag names.</source>
        <translation>接受此类标签的 YAML 读取程序会导入标签所指的模块并调用其中的类。</translation>
    </message>
    <message>
        <source>Read it with a safe loader alone, or ask for a configuration of plain values.</source>
        <translation>只用安全的加载方式读取，或索取只含普通值的配置。</translation>
    </message>
    <message>
        <source>A model that takes code from another repository</source>
        <translation>从其他仓库取用代码的模型</translation>
    </message>
    <message>
        <source>Who loads it with trust_remote_code runs Python that somebody else may change at any time.</source>
        <translation>以 trust_remote_code 加载它的人会运行他人可随时更改的 Python 代码。</translation>
    </message>
    <message>
        <source>Do not load it with trust_remote_code before that code was read.</source>
        <translation>在读过该代码之前，不要以 trust_remote_code 加载它。</translation>
    </message>
    <message>
        <source>A model that needs code of its own</source>
        <translation>需要自带代码的模型</translation>
    </message>
    <message>
        <source>It loads only with Python that comes with it, which does whatever it does (trust_remote_code).</source>
        <translation>它只能随附带的 Python 代码一起加载，而该代码会做什么并无限制（trust_remote_code）。</translation>
    </message>
    <message>
        <source>Read that code first, or ask for the model as ONNX.</source>
        <translation>先阅读该代码，或索取 ONNX 格式的模型。</translation>
    </message>
    <message>
        <source>A template that reaches for more than its values</source>
        <translation>触及所给值之外内容的模板</translation>
    </message>
    <message>
        <source>Rendering it outside of a sandbox runs code with all rights of whoever chats with the model.</source>
        <translation>在沙箱之外渲染它，会以与模型对话者的全部权限运行代码。</translation>
    </message>
    <message>
        <source>Do not use the template. Take that of the model&apos;s maker.</source>
        <translation>不要使用此模板。请使用模型制作者的模板。</translation>
    </message>
    <message>
        <source>A GGUF file that is not sound</source>
        <translation>结构不完好的 GGUF 文件</translation>
    </message>
    <message>
        <source>A reader that trusts its numbers reads or writes memory that is not its own.</source>
        <translation>信任其中数字的读取程序会读写不属于自己的内存。</translation>
    </message>
    <message>
        <source>A TFLite model that is not sound</source>
        <translation>结构不完好的 TFLite 模型</translation>
    </message>
    <message>
        <source>A reader that trusts its offsets reads memory that is not its own.</source>
        <translation>信任其中偏移量的读取程序会读取不属于自己的内存。</translation>
    </message>
    <message>
        <source>An operator that reaches files or Python</source>
        <translation>会触及文件或 Python 的算子</translation>
    </message>
    <message>
        <source>It reads or writes files, or calls Python, where the model is run.</source>
        <translation>在运行模型时它会读写文件或调用 Python。</translation>
    </message>
    <message>
        <source>An operator that is no part of TFLite</source>
        <translation>不属于 TFLite 的算子</translation>
    </message>
    <message>
        <source>It reads or writes files, or calls Python, where the graph is run.</source>
        <translation>在运行计算图时它会读写文件或调用 Python。</translation>
    </message>
    <message>
        <source>Do not run it. Ask for a model without it, as ONNX or TFLite.</source>
        <translation>不要运行它。请对方提供不含它的模型，例如 ONNX 或 TFLite 格式。</translation>
    </message>
    <message>
        <source>A table that is read from a file</source>
        <translation>从文件读取的查找表</translation>
    </message>
    <message>
        <source>Whoever runs the graph reads the file that it names.</source>
        <translation>运行计算图的人会读取它所指定的文件。</translation>
    </message>
    <message>
        <source>See to it that the file is the vocabulary that came with the model.</source>
        <translation>请确认该文件是随模型提供的词表。</translation>
    </message>
    <message>
        <source>A layer that runs Python</source>
        <translation>运行 Python 的层</translation>
    </message>
    <message>
        <source>Whoever loads the network imports the module that it names, and runs the class in it.</source>
        <translation>加载该网络的人会导入它所指定的模块，并运行其中的类。</translation>
    </message>
    <message>
        <source>Do not load it. Ask for a network of built-in layers, or for the model as ONNX.</source>
        <translation>不要加载它。请对方提供只含内置层的网络，或 ONNX 格式的模型。</translation>
    </message>
    <message>
        <source>A layer that writes a file</source>
        <translation>写文件的层</translation>
    </message>
    <message>
        <source>Running the network writes the file that it names.</source>
        <translation>运行该网络会写入它所指定的文件。</translation>
    </message>
    <message>
        <source>Take the layer out: it is of no use to a trained network.</source>
        <translation>去掉该层：它对已训练的网络没有用处。</translation>
    </message>
    <message>
        <source>A network as text that breaks off</source>
        <translation>中途断开的文本形式网络</translation>
    </message>
    <message>
        <source>A less careful reader may load what was not looked into here.</source>
        <translation>不够谨慎的读取程序可能会加载此处未检查的内容。</translation>
    </message>
    <message>
        <source>A part that needs code of the app</source>
        <translation>需要应用程序自带代码的部分</translation>
    </message>
    <message>
        <source>The app that loads it has to bring a class of that name, which does whatever it does.</source>
        <translation>加载它的应用程序必须自带该名称的类，其行为无法预知。</translation>
    </message>
    <message>
        <source>Ask what the class computes and who wrote it.</source>
        <translation>请询问该类计算什么、由谁编写。</translation>
    </message>
    <message>
        <source>A file outside of the model</source>
        <translation>模型之外的文件</translation>
    </message>
    <message>
        <source>Ask for a model that holds all its parts.</source>
        <translation>请对方提供包含全部组成部分的模型。</translation>
    </message>
    <message>
        <source>Whoever loads the pickle with Python runs what it calls, with all rights of their account.</source>
        <translation>用 Python 加载此 pickle 的人会以其账户的全部权限运行它所调用的内容。</translation>
    </message>
    <message>
        <source>Do not load it. Ask its maker for a file of tensors alone (safetensors), or for the source of what it calls.</source>
        <translation>不要加载它。请制作者提供只含张量的文件（safetensors），或提供其所调用内容的源代码。</translation>
    </message>
    <message>
        <source>Get the file again from whoever made it and compare its SHA-256.</source>
        <translation>向制作者重新获取该文件并核对其 SHA-256。</translation>
    </message>
    <message>
        <source>Readers that trust one of the two see another file than readers that trust the other: a scanner can be shown harmless content.</source>
        <translation>信任其中一份的读取程序与信任另一份的读取程序看到的是不同的文件：扫描程序可能只看到无害的内容。</translation>
    </message>
    <message>
        <source>Do not use it. Ask its maker for a file that an ordinary program packed.</source>
        <translation>不要使用它。请制作者提供用普通程序打包的文件。</translation>
    </message>
    <message>
        <source>A reader that follows it reads or writes files of this machine that do not belong to the model.</source>
        <translation>照此读取的程序会读写本机上不属于该模型的文件。</translation>
    </message>
    <message>
        <source>No reader of the model looks at these bytes: a place to carry something along.</source>
        <translation>模型的读取程序都不会查看这些字节：可用来夹带内容。</translation>
    </message>
    <message>
        <source>Ask what they are for. Saving the model anew with this program leaves them behind.</source>
        <translation>询问其用途。用本程序重新保存模型即可去除它们。</translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation>无法读取文件</translation>
    </message>
    <message>
        <source>A damaged file may crash a less careful reader, and damage can be made to hide what follows it.</source>
        <translation>损坏的文件可能使不够谨慎的读取程序崩溃，也可能用来掩盖其后的内容。</translation>
    </message>
    <message>
        <source>Not looked into</source>
        <translation>未审查</translation>
    </message>
    <message>
        <source>The audit does not know this format and says nothing about it.</source>
        <translation>审查不认识此格式，对它不作判断。</translation>
    </message>
    <message>
        <source>Use a tool that knows the format, or ask for the model as ONNX or safetensors.</source>
        <translation>使用认识此格式的工具，或索取 ONNX 或 safetensors 格式的模型。</translation>
    </message>
    <message>
        <source>The content is not what the name says</source>
        <translation>内容与文件名不符</translation>
    </message>
    <message>
        <source>Scanners that go by the name do not look at what is loaded.</source>
        <translation>依据文件名的扫描程序不会检查实际加载的内容。</translation>
    </message>
    <message>
        <source>Ask its maker why it is named so.</source>
        <translation>询问制作者为何如此命名。</translation>
    </message>
    <message>
        <source>Bytes behind the end</source>
        <translation>结尾之后还有字节</translation>
    </message>
    <message>
        <source>A pickle reaches for what runs code</source>
        <translation>pickle 触及能运行代码的对象</translation>
    </message>
    <message>
        <source>A pickle calls what is not on the allow-list</source>
        <translation>pickle 调用了允许列表之外的对象</translation>
    </message>
    <message>
        <source>A pickle names what is not on the allow-list</source>
        <translation>pickle 引用了允许列表之外的名称</translation>
    </message>
    <message>
        <source>Loading it imports that module, and a class can run code of its own when an object of it is made.</source>
        <translation>加载时会导入该模块，而类在创建对象时可以运行自己的代码。</translation>
    </message>
    <message>
        <source>Load it only where that module is known and trusted, or ask for a file of tensors alone.</source>
        <translation>仅在该模块已知且可信的环境中加载，或索取只含张量的文件。</translation>
    </message>
    <message>
        <source>A pickle hides the name that it looks up</source>
        <translation>pickle 隐藏了它要查找的名称</translation>
    </message>
    <message>
        <source>What it reaches is known only when it is loaded. No ordinary pickle does this.</source>
        <translation>只有在加载时才知道它触及什么。普通的 pickle 不会这样做。</translation>
    </message>
    <message>
        <source>A pickle changes something outside of itself</source>
        <translation>pickle 更改了自身之外的内容</translation>
    </message>
    <message>
        <source>Setting fields of a class or module that was looked up changes what later calls mean.</source>
        <translation>设置所查找的类或模块的字段会改变后续调用的含义。</translation>
    </message>
    <message>
        <source>A pickle that Python did not write</source>
        <translation>并非由 Python 写出的 pickle</translation>
    </message>
    <message>
        <source>Steps like this confuse scanners that keep their memory otherwise than Python does.</source>
        <translation>这类步骤会迷惑与 Python 记忆方式不同的扫描程序。</translation>
    </message>
    <message>
        <source>A pickle breaks off</source>
        <translation>pickle 中断</translation>
    </message>
    <message>
        <source>Loading runs all that stands before the break; a scanner that gives up here has seen nothing.</source>
        <translation>加载时会运行中断之前的全部内容；在此放弃的扫描程序什么也没看到。</translation>
    </message>
    <message>
        <source>A pickle inside a pickle</source>
        <translation>pickle 中的 pickle</translation>
    </message>
    <message>
        <source>What the outer one calls may load the inner one, which scanners take for text.</source>
        <translation>外层所调用的内容可能会加载内层，而扫描程序把它当作文本。</translation>
    </message>
    <message>
        <source>An array of Python objects</source>
        <translation>Python 对象数组</translation>
    </message>
    <message>
        <source>It is a pickle: NumPy loads it only with allow_pickle.</source>
        <translation>它是 pickle：NumPy 仅在 allow_pickle 时加载。</translation>
    </message>
    <message>
        <source>Ask for plain numbers.</source>
        <translation>索取普通数字。</translation>
    </message>
    <message>
        <source>The archive's directory is damaged</source>
        <translation>压缩包的目录已损坏</translation>
    </message>
    <message>
        <source>An archive that was not looked into</source>
        <translation>未审查的压缩包</translation>
    </message>
    <message>
        <source>What is packed inside was not audited.</source>
        <translation>其中打包的内容未经审查。</translation>
    </message>
    <message>
        <source>Unpack it where it can do no harm, and audit what comes out.</source>
        <translation>在不会造成危害的地方解包，并审查解出的内容。</translation>
    </message>
    <message>
        <source>A name that leads out of the folder</source>
        <translation>指向文件夹之外的名称</translation>
    </message>
    <message>
        <source>A link in an archive</source>
        <translation>压缩包中的链接</translation>
    </message>
    <message>
        <source>A member that unpacks to very much</source>
        <translation>解包后极大的成员</translation>
    </message>
    <message>
        <source>Unpacking it fills the memory or the disk of whoever opens it.</source>
        <translation>解包会占满打开者的内存或磁盘。</translation>
    </message>
    <message>
        <source>A member too large to look into</source>
        <translation>过大而无法审查的成员</translation>
    </message>
    <message>
        <source>It was not audited.</source>
        <translation>未经审查。</translation>
    </message>
    <message>
        <source>Unpack it by hand and audit what comes out.</source>
        <translation>手动解包并审查解出的内容。</translation>
    </message>
    <message>
        <source>Two members of one name</source>
        <translation>两个成员同名</translation>
    </message>
    <message>
        <source>A member with two names</source>
        <translation>一个成员有两个名称</translation>
    </message>
    <message>
        <source>A member with two descriptions</source>
        <translation>一个成员有两份描述</translation>
    </message>
    <message>
        <source>Members that share bytes</source>
        <translation>成员共用字节</translation>
    </message>
    <message>
        <source>Overlapping members unpack to far more than the archive holds, or to two things at once.</source>
        <translation>重叠的成员解包后远大于压缩包，或同时成为两种内容。</translation>
    </message>
    <message>
        <source>A member that is not what its checksum says</source>
        <translation>与校验和不符的成员</translation>
    </message>
    <message>
        <source>Some loaders ignore the checksum while scanners give up on it: the content is loaded unseen.</source>
        <translation>有些加载程序忽略校验和，而扫描程序因此放弃：内容会在未经检查的情况下被加载。</translation>
    </message>
    <message>
        <source>An encrypted member</source>
        <translation>加密的成员</translation>
    </message>
    <message>
        <source>It was not audited; some loaders ignore the mark.</source>
        <translation>未经审查；有些加载程序会忽略该标记。</translation>
    </message>
    <message>
        <source>An unusual compression</source>
        <translation>不常见的压缩方式</translation>
    </message>
    <message>
        <source>Bytes that belong to no member</source>
        <translation>不属于任何成员的字节</translation>
    </message>
    <message>
        <source>A script or library in a model file</source>
        <translation>模型文件中的脚本或库</translation>
    </message>
    <message>
        <source>Models are numbers. Code beside them waits to be run.</source>
        <translation>模型是数字。旁边的代码在等待被运行。</translation>
    </message>
    <message>
        <source>Read it before anything is loaded from this folder.</source>
        <translation>在从此文件夹加载任何内容之前先阅读它。</translation>
    </message>
    <message>
        <source>A program in a model file</source>
        <translation>模型文件中的程序</translation>
    </message>
    <message>
        <source>Models are numbers. A program beside them waits to be run.</source>
        <translation>模型是数字。旁边的程序在等待被运行。</translation>
    </message>
    <message>
        <source>Do not use the file.</source>
        <translation>不要使用此文件。</translation>
    </message>
    <message>
        <source>A program of TorchScript</source>
        <translation>TorchScript 程序</translation>
    </message>
    <message>
        <source>The archive holds code that torch.jit.load runs; it was not audited.</source>
        <translation>压缩包含有 torch.jit.load 会运行的代码；未经审查。</translation>
    </message>
    <message>
        <source>Ask for a state_dict or for ONNX.</source>
        <translation>索取 state_dict 或 ONNX。</translation>
    </message>
    <message>
        <source>A Keras layer made of code</source>
        <translation>由代码构成的 Keras 层</translation>
    </message>
    <message>
        <source>Loading it runs compiled Python that is part of the file.</source>
        <translation>加载时会运行文件中的已编译 Python 代码。</translation>
    </message>
    <message>
        <source>Do not load it, safe mode or not. Ask for the model as ONNX.</source>
        <translation>无论是否为安全模式都不要加载。请索取 ONNX 格式的模型。</translation>
    </message>
    <message>
        <source>A Keras configuration that imports modules</source>
        <translation>会导入模块的 Keras 配置</translation>
    </message>
    <message>
        <source>Loading it imports the module and calls what it names.</source>
        <translation>加载时会导入该模块并调用其所指的内容。</translation>
    </message>
    <message>
        <source>Do not load it. Ask for the model as ONNX.</source>
        <translation>不要加载。请索取 ONNX 格式的模型。</translation>
    </message>
    <message>
        <source>Something else hidden in the model</source>
        <translation>模型中隐藏了其他内容</translation>
    </message>
    <message>
        <source>A loader elsewhere can take it out and run it.</source>
        <translation>别处的加载程序可将其取出并运行。</translation>
    </message>
    <message>
        <source>Do not use the file before its maker has explained it.</source>
        <translation>在制作者作出解释之前不要使用此文件。</translation>
    </message>
    <message>
        <source>A very long text</source>
        <translation>很长的文本</translation>
    </message>
    <message>
        <source>Descriptions and metadata are read by people; this one is larger than any of them reads.</source>
        <translation>描述和元数据是给人看的；这一段比任何人会读的都长。</translation>
    </message>
    <message>
        <source>The header of safetensors is not sound</source>
        <translation>safetensors 头部有问题</translation>
    </message>
    <message>
        <source>Tensors that overlap, leave gaps or stand there twice are read differently by different readers.</source>
        <translation>重叠、留有空隙或重复的张量会被不同的读取程序作不同的解读。</translation>
    </message>
    <message>
        <source>Part of the model cannot be read</source>
        <translation>模型的一部分无法读取</translation>
    </message>
    <message>
        <source>Readers differ in what they make of it.</source>
        <translation>不同的读取程序对它的解读不同。</translation>
    </message>
    <message>
        <source>External data outside of the model's folder</source>
        <translation>外部数据位于模型文件夹之外</translation>
    </message>
    <message>
        <source>Do not load it with other programs. Ask for a model that holds its weights.</source>
        <translation>不要用其他程序加载。请索取自带权重的模型。</translation>
    </message>
    <message>
        <source>External data that is not there</source>
        <translation>外部数据不存在</translation>
    </message>
    <message>
        <source>The model cannot be run; a file of that name that appears later is taken.</source>
        <translation>模型无法运行；之后出现的同名文件会被采用。</translation>
    </message>
    <message>
        <source>Put the file beside the model.</source>
        <translation>把该文件放到模型旁边。</translation>
    </message>
    <message>
        <source>External data beyond the file's end</source>
        <translation>外部数据超出文件结尾</translation>
    </message>
    <message>
        <source>A reader that does not check reads memory that is not its own.</source>
        <translation>不作检查的读取程序会读取不属于自己的内存。</translation>
    </message>
    <message>
        <source>Tensors that share external bytes</source>
        <translation>张量共用外部字节</translation>
    </message>
    <message>
        <source>Changing one changes the other; ordinary writers do not do this.</source>
        <translation>更改其一会更改其他；普通的写入程序不会这样做。</translation>
    </message>
    <message>
        <source>Save the model anew with this program.</source>
        <translation>用本程序重新保存模型。</translation>
    </message>
    <message>
        <source>External data that no tensor reads</source>
        <translation>没有张量读取的外部数据</translation>
    </message>
    <message>
        <source>An operator that runs Python</source>
        <translation>会运行 Python 的算子</translation>
    </message>
    <message>
        <source>It calls a function by name, or loads a library, where the model is run.</source>
        <translation>在运行模型时它会按名称调用函数或加载库。</translation>
    </message>
    <message>
        <source>Do not run it. Ask for a model of standard operators.</source>
        <translation>不要运行。请索取只用标准算子的模型。</translation>
    </message>
    <message>
        <source>An operator of a domain of its own</source>
        <translation>自有域的算子</translation>
    </message>
    <message>
        <source>Running it needs a library of its maker, which does whatever it does.</source>
        <translation>运行它需要其制作者的库，而该库可以做任何事。</translation>
    </message>
    <message>
        <source>Ask what the operator computes and who wrote its library.</source>
        <translation>询问该算子计算什么、其库由谁编写。</translation>
    </message>
    <message>
        <source>Operators defined inside the file</source>
        <translation>在文件内定义的算子</translation>
    </message>
    <message>
        <source>What the graph shows is not all that it computes.</source>
        <translation>图所显示的并非其计算的全部。</translation>
    </message>
    <message>
        <source>Look at the functions too.</source>
        <translation>也要查看这些函数。</translation>
    </message>
    <message>
        <source>A standard operator is defined anew</source>
        <translation>重新定义了标准算子</translation>
    </message>
    <message>
        <source>The graph seems to hold a known operator, and computes something else.</source>
        <translation>图看似含有已知算子，却计算别的内容。</translation>
    </message>
    <message>
        <source>Ask its maker for a model of standard operators.</source>
        <translation>请制作者提供只用标准算子的模型。</translation>
    </message>
    <message>
        <source>Control flow that holds a model of its own</source>
        <translation>控制流中含有另一个模型</translation>
    </message>
    <message>
        <source>On inputs that choose this branch another model answers than the one that was measured.</source>
        <translation>对于选中此分支的输入，作答的是另一个模型，而非所测量的那个。</translation>
    </message>
    <message>
        <source>Find inputs that choose each branch and measure all of them.</source>
        <translation>找到会选中各分支的输入并全部测量。</translation>
    </message>
    <message>
        <source>A tensor that claims an impossible shape</source>
        <translation>声称不可能的形状的张量</translation>
    </message>
    <message>
        <source>A reader that trusts it takes memory without end or reads past the tensor.</source>
        <translation>信任它的读取程序会无止境地占用内存，或越界读取。</translation>
    </message>
    <message>
        <source>Two things of one name</source>
        <translation>两项内容同名</translation>
    </message>
    <message>
        <source>Readers differ in which of them they take.</source>
        <translation>不同的读取程序会采用不同的一个。</translation>
    </message>
    <message>
        <source>Ask its maker for a sound model.</source>
        <translation>请制作者提供完好的模型。</translation>
    </message>
    <message>
        <source>Fields that the format does not have</source>
        <translation>格式中没有的字段</translation>
    </message>
    <message>
        <source>Weights that no node reads</source>
        <translation>没有节点读取的权重</translation>
    </message>
    <message>
        <source>A file differs from its manifest</source>
        <translation>文件与清单不符</translation>
    </message>
    <message>
        <source>It was changed after the manifest was written.</source>
        <translation>它在清单写成之后被更改。</translation>
    </message>
    <message>
        <source>The manifest does not list it</source>
        <translation>清单中没有列出</translation>
    </message>
    <message>
        <source>Nothing vouches for it.</source>
        <translation>没有任何东西为其担保。</translation>
    </message>
    <message>
        <source>No signature</source>
        <translation>没有签名</translation>
    </message>
    <message>
        <source>A key was given, and nothing is signed with it.</source>
        <translation>给出了密钥，却没有任何内容用它签名。</translation>
    </message>
    <message>
        <source>Ask its maker for the signature of the manifest.</source>
        <translation>请制作者提供清单的签名。</translation>
    </message>
    <message>
        <source>The signature is wrong</source>
        <translation>签名错误</translation>
    </message>
    <message>
        <source>The manifest was changed after it was signed, or somebody else has signed it.</source>
        <translation>清单在签名之后被更改，或由他人签名。</translation>
    </message>
    <message>
        <source>Weights that are infinite or not a number</source>
        <translation>无穷大或非数值的权重</translation>
    </message>
    <message>
        <source>One such weight makes every answer that it touches meaningless, or hides values from comparisons.</source>
        <translation>一个这样的权重就会使所触及的每个答案失去意义，或使数值逃过比较。</translation>
    </message>
    <message>
        <source>Get the file again, or train the layer anew; find out what wrote it.</source>
        <translation>重新获取文件，或重新训练该层；查明是什么写出了它。</translation>
    </message>
    <message>
        <source>Channels whose weights are all zero</source>
        <translation>权重全为零的通道</translation>
    </message>
    <message>
        <source>They take time and bytes and tell nothing; what follows sees a constant.</source>
        <translation>它们耗费时间和字节却不提供信息；其后的层只看到常数。</translation>
    </message>
    <message>
        <source>Remove them: prune the layer by channels.</source>
        <translation>移除它们：按通道剪枝该层。</translation>
    </message>
    <message>
        <source>Channels that nothing reads</source>
        <translation>没有被读取的通道</translation>
    </message>
    <message>
        <source>All weights that read them are zero, so their output can never matter.</source>
        <translation>读取它们的权重全为零，因此其输出不会有任何影响。</translation>
    </message>
    <message>
        <source>Channels that repeat another to the bit</source>
        <translation>与另一通道逐位相同的通道</translation>
    </message>
    <message>
        <source>They say the same twice; in a network whose weights were drawn at random that does not happen by itself.</source>
        <translation>它们重复表达同样的内容；在权重随机初始化的网络中这不会自行发生。</translation>
    </message>
    <message>
        <source>Find out whether the network was widened on purpose; remove the copies.</source>
        <translation>查明网络是否被有意加宽；移除副本。</translation>
    </message>
    <message>
        <source>Channels that nearly repeat another</source>
        <translation>与另一通道几乎相同的通道</translation>
    </message>
    <message>
        <source>They say almost the same twice (cosine above 0.9999, after their means).</source>
        <translation>它们几乎重复表达同样的内容（去均值后余弦大于 0.9999）。</translation>
    </message>
    <message>
        <source>Try removing them, and measure.</source>
        <translation>尝试移除它们并测量。</translation>
    </message>
    <message>
        <source>Weights far from all others of their layer</source>
        <translation>远离同层其他权重的权重</translation>
    </message>
    <message>
        <source>Training leaves tails, not single weights that stand alone: a flipped bit or a planted value does. They also spoil the grid of a quantization.</source>
        <translation>训练会留下长尾，而不会留下孤立的单个权重：位翻转或植入的值才会。它们还会破坏量化的网格。</translation>
    </message>
    <message>
        <source>Compare the file's SHA-256 with its source; set the weight to the layer's median and measure.</source>
        <translation>与来源核对文件的 SHA-256；把该权重设为该层的中位数并测量。</translation>
    </message>
    <message>
        <source>A layer whose singular values do not fit its peers</source>
        <translation>奇异值与同类层不符的层</translation>
    </message>
    <message>
        <source>A direction that was added afterwards, or weights that were never trained, show in the spectrum.</source>
        <translation>事后加入的方向或从未训练过的权重会在谱中显现。</translation>
    </message>
    <message>
        <source>Find out whether the layer was trained like the others.</source>
        <translation>查明该层是否与其他层一样训练过。</translation>
    </message>
    <message>
        <source>Text in the low bits of weights</source>
        <translation>权重低位中的文本</translation>
    </message>
    <message>
        <source>The low bits of trained weights look like noise. Text there was written by someone.</source>
        <translation>训练所得权重的低位看起来像噪声。那里的文本是有人写入的。</translation>
    </message>
    <message>
        <source>Do not pass the file on; rounding the weights to 16 bits erases it.</source>
        <translation>不要传播该文件；把权重舍入到 16 位即可将其抹去。</translation>
    </message>
    <message>
        <source>A file in the low bits of weights</source>
        <translation>权重低位中的文件</translation>
    </message>
    <message>
        <source>The low bits hold the beginning of a file. Malware has been carried in models in this way.</source>
        <translation>低位中含有某个文件的开头。曾有恶意软件以此方式藏在模型中。</translation>
    </message>
    <message>
        <source>Low bits that are not the noise that training leaves</source>
        <translation>低位不是训练所留下的噪声</translation>
    </message>
    <message>
        <source>Where weights differ in all their bits, the lowest ones are spread evenly. Here they are not.</source>
        <translation>当权重的各位都不同时，最低位应均匀分布。这里却不是。</translation>
    </message>
    <message>
        <source>Ask where the weights come from; rounding them to 16 bits erases what may hide there.</source>
        <translation>询问权重的来源；把它们舍入到 16 位可抹去可能藏于其中的内容。</translation>
    </message>
    <message>
        <source>Bits that are noise where training leaves order</source>
        <translation>本应有序之处的位是噪声</translation>
    </message>
    <message>
        <source>Either a stretch of weights has low bits that its neighbours lack, or even the high bits are spread as if drawn at random: encrypted or packed data look so.</source>
        <translation>或是一段权重具有其邻近权重所没有的低位，或是连高位也像随机抽取一样分布：加密或打包的数据就是这样。</translation>
    </message>
    <message>
        <source>Ask where the weights come from; rounding them to 16 bits erases what hides in the low bits.</source>
        <translation>询问权重的来源；把它们舍入到 16 位可抹去藏在低位的内容。</translation>
    </message>
    <message>
        <source>A pattern that the compressed model alone obeys</source>
        <translation>只有裁剪后的模型才服从的图案</translation>
    </message>
    <message>
        <source>Put on almost any sample, it brings the compressed model to one class and leaves the original unmoved: a backdoor that sleeps until the weights are rounded or pruned behaves so.</source>
        <translation>把它放在几乎任何样本上，都会使裁剪后的模型给出同一类别，而原模型不受影响：在权重被舍入或剪枝之前一直潜伏的后门就是这样。</translation>
    </message>
    <message>
        <source>Do not use this cut. Another number of bits, calibration, or training after the cut may break it; distrust the source of the model.</source>
        <translation>不要使用此裁剪结果。换一种位数、校准，或在裁剪后训练可能会破坏它；对模型来源应存疑。</translation>
    </message>
    <message>
        <source>Changed answers gather in one class</source>
        <translation>改变的答案集中于一个类别</translation>
    </message>
    <message>
        <source>Where a cut adds noise, answers change to the runner-up. Here many more change to one class than that explains.</source>
        <translation>裁剪带来噪声时，答案会变为次优类别。这里变为某一类别的数量远超此解释。</translation>
    </message>
    <message>
        <source>Compare with another method or more bits; look at the samples that changed.</source>
        <translation>与其他方法或更多位数比较；查看答案改变的样本。</translation>
    </message>
    <message>
        <source>One class loses more answers than the cut explains</source>
        <translation>某一类别丢失的答案超出裁剪所能解释</translation>
    </message>
    <message>
        <source>Answers change where the original was unsure. In this class they change where it was as sure as elsewhere.</source>
        <translation>答案通常在原模型不确定处改变。而在此类别中，原模型与别处同样确定时答案也改变了。</translation>
    </message>
    <message>
        <source>Compare with another method or more bits; repair with samples of this class.</source>
        <translation>与其他方法或更多位数比较；用此类别的样本修复。</translation>
    </message>
    <message>
        <source>Trigger-like inputs were not searched</source>
        <translation>未搜索类触发器输入</translation>
    </message>
    <message>
        <source>They are searched along gradients, and mean something only where the cut still answers most samples as the original does.</source>
        <translation>它们沿梯度搜索，而且只有当裁剪后的模型对大多数样本的回答仍与原模型一致时才有意义。</translation>
    </message>
    <message>
        <source>Compare original and cut on inputs of your own; cut less, or repair first.</source>
        <translation>用您自己的输入比较原模型与裁剪后的模型；减轻裁剪，或先修复。</translation>
    </message>
</context>
<context>
    <name>ChartExport</name>
    <message>
        <source>The picture could not be written to %1: %2</source>
        <translation>无法将图片写入 %1：%2</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>PNG picture (*.png);;SVG drawing (*.svg)</source>
        <translation>PNG 图片 (*.png);;SVG 矢量图 (*.svg)</translation>
    </message>
</context>
<context>
    <name>Failures</name>
    <message>
        <source>It was stopped.</source>
        <translation>操作已停止。</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>内存不足，无法完成此操作。</translation>
    </message>
    <message>
        <source>It failed for an unknown reason.</source>
        <translation>操作失败，原因未知。</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>exact</source>
        <translation>完全一致</translation>
    </message>
    <message>
        <source>%1 of %2 samples</source>
        <translation>%1 / %2 个样本</translation>
    </message>
    <message>
        <source>Flipped answers</source>
        <translation>改变的回答</translation>
    </message>
    <message>
        <source>%1: %2 (%3 … %4)</source>
        <translation>%1：%2（%3 … %4）</translation>
    </message>
    <message>
        <source>Top-1: %1</source>
        <translation>Top-1：%1</translation>
    </message>
    <message>
        <source>Original on the same samples: %1</source>
        <translation>原模型在相同样本上：%1</translation>
    </message>
    <message>
        <source>Top-5: %1</source>
        <translation>Top-5：%1</translation>
    </message>
    <message>
        <source>Loss (mean cross-entropy): %1 nats</source>
        <translation>损失（平均交叉熵）：%1 nat</translation>
    </message>
    <message>
        <source>Agreement with the original: %1</source>
        <translation>与原模型的一致率：%1</translation>
    </message>
    <message>
        <source>Signal-to-noise of the output: %1</source>
        <translation>输出信噪比：%1</translation>
    </message>
    <message>
        <source>Intervals hold the true value 95 times in 100.</source>
        <translation>区间以 95 % 的置信度包含真值。</translation>
    </message>
    <message>
        <source>the original, uncut</source>
        <translation>未裁剪的原模型</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 个百分点</translation>
    </message>
    <message>
        <source>data without labels</source>
        <translation>数据没有标签</translation>
    </message>
    <message>
        <source>of the output, on noise inputs</source>
        <translation>输出的信噪比，输入为噪声</translation>
    </message>
    <message>
        <source>of the outputs, which are not scores of classes</source>
        <translation>针对输出本身（输出不是类别得分）</translation>
    </message>
    <message>
        <source>File ▸ Open data… gives accuracy</source>
        <translation>通过“文件 ▸ 打开数据…”可测准确率</translation>
    </message>
    <message>
        <source>cannot run: %1</source>
        <translation>无法运行：%1</translation>
    </message>
    <message>
        <source>weights without a graph cannot run</source>
        <translation>只有权重没有计算图，无法运行</translation>
    </message>
    <message>
        <source>Signal-to-noise, worst layer</source>
        <translation>最差层的信噪比</translation>
    </message>
    <message>
        <source>needs a model that can run</source>
        <translation>需要可运行的模型</translation>
    </message>
    <message>
        <source>follows once the samples are through</source>
        <translation>样本全部评估后给出</translation>
    </message>
    <message>
        <source>Accuracy, top-1</source>
        <translation>准确率（top-1）</translation>
    </message>
    <message>
        <source>Agreement with the original</source>
        <translation>与原模型的一致率</translation>
    </message>
    <message>
        <source>Signal-to-noise</source>
        <translation>信噪比</translation>
    </message>
    <message>
        <source>running the first samples</source>
        <translation>正在评估首批样本</translation>
    </message>
    <message>
        <source>Size on disk</source>
        <translation>磁盘大小</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>原为 %1</translation>
    </message>
    <message>
        <source>smaller</source>
        <translation>更小</translation>
    </message>
    <message>
        <source>as %1</source>
        <translation>%1 格式</translation>
    </message>
    <message>
        <source>Exact bytes of the %1 file that Export writes: %2; the original: %3.</source>
        <translation>导出的 %1 文件的精确字节数：%2；原模型：%3。</translation>
    </message>
    <message>
        <source>Zeros</source>
        <translation>零值</translation>
    </message>
    <message>
        <source>%1 of %2 weights</source>
        <translation>%1 / %2 个权重</translation>
    </message>
    <message>
        <source>Share of the weights in layers that are exactly zero.</source>
        <translation>各层权重中恰为零的比例。</translation>
    </message>
    <message>
        <source>Latency, 1 sample</source>
        <translation>单样本延迟</translation>
    </message>
    <message>
        <source>measured here, 1 thread</source>
        <translation>本机实测，单线程</translation>
    </message>
    <message>
        <source>Median of %1 runs of one sample on one thread of this machine; the original: %2.</source>
        <translation>在本机单线程上运行单个样本 %1 次的中位数；原模型：%2。</translation>
    </message>
    <message>
        <source>Saliency kept</source>
        <translation>显著性保留</translation>
    </message>
    <message>
        <source>needs data: File ▸ Open data…</source>
        <translation>需要数据：文件 ▸ 打开数据…</translation>
    </message>
    <message>
        <source>digits</source>
        <translation>手写数字</translation>
    </message>
    <message>
        <source>.lapidary %1</source>
        <translation>.lapidary %1</translation>
    </message>
    <message>
        <source>zip %1</source>
        <translation>zip %1</translation>
    </message>
    <message>
        <source>SSIM %1</source>
        <translation>SSIM %1</translation>
    </message>
    <message>
        <source>top %1 %: %2</source>
        <translation>前 %1 %：%2</translation>
    </message>
    <message numerus="yes">
        <source>How far the model still looks at the same positions: maps of %n sample(s) before and after the cut, 1 is unchanged.</source>
        <translation>
            <numerusform>模型是否仍关注相同的位置：比较 %n 个样本裁剪前后的显著图，1 表示毫无变化。</numerusform>
        </translation>
    </message>
    <message>
        <source>Spearman's rank correlation: %1</source>
        <translation>斯皮尔曼秩相关：%1</translation>
    </message>
    <message>
        <source>Structural similarity (SSIM): %1</source>
        <translation>结构相似度（SSIM）：%1</translation>
    </message>
    <message>
        <source>Overlap of the top %1 %: %2</source>
        <translation>前 %1 % 位置的重合度：%2</translation>
    </message>
</context>
<context>
    <name>HelpDialogs</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>About Lapidary</source>
        <translation>关于 Lapidary</translation>
    </message>
    <message>
        <source>Makes neural networks smaller and measures what it costs, while you look.</source>
        <translation>让神经网络变小，并在您眼前测量其代价。</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later, without any warranty.</source>
        <translation>自由软件，遵循 GNU 通用公共许可证第 3 版或更高版本，不提供任何担保。</translation>
    </message>
    <message>
        <source>Built on Qt, oneDNN, ONNX, Eigen, QuaZip and nlohmann-json. The demo&apos;s digits come from the MNIST database.</source>
        <translation>基于 Qt、oneDNN、ONNX、Eigen、QuaZip 与 nlohmann-json 构建。演示中的数字来自 MNIST 数据库。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Part of the data…</source>
        <translation>数据的部分…</translation>
    </message>
    <message>
        <source>Chooses which part of the data is measured: the one to test on, to choose on or to train on</source>
        <translation>选择在数据的哪一部分上测量：测试、验证或训练部分</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Open data…</source>
        <translation>打开数据…</translation>
    </message>
    <message>
        <source>Preprocessing…</source>
        <translation>预处理…</translation>
    </message>
    <message>
        <source>Open demo</source>
        <translation>打开演示</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Open session…</source>
        <translation>打开会话…</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Save session as…</source>
        <translation>会话另存为…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Close model</source>
        <translation>关闭模型</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Reset layer</source>
        <translation>重置此层</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Apply to all of the same operator</source>
        <translation>应用到同类算子的所有层</translation>
    </message>
    <message>
        <source>Copy recipe</source>
        <translation>复制配方</translation>
    </message>
    <message>
        <source>Paste recipe</source>
        <translation>粘贴配方</translation>
    </message>
    <message>
        <source>Select all layers</source>
        <translation>选择所有层</translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation>筛选层</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Show the original</source>
        <translation>显示原模型</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>手册</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>About Lapidary</source>
        <translation>关于 Lapidary</translation>
    </message>
    <message>
        <source>For activations and what is remembered of them, besides the weights. More memory makes moves of the sliders faster; less lets large models run on small machines.</source>
        <translation>除权重之外，用于激活值及其缓存。内存越多，拖动滑块时响应越快；内存较少时，小机器也能运行大模型。</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Find the best cut…</source>
        <translation>寻找最佳裁剪…</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Samples that fix the ranges of activations and that methods such as GPTQ learn from; of fewer, all. The cut panel shows whether more would help.</source>
        <translation>用于确定激活值范围、并供 GPTQ 等方法学习的样本；不足时取全部。裁剪面板会说明更多样本是否有用。</translation>
    </message>
    <message numerus="yes">
        <source>the first %n samples</source>
        <translation>
            <numerusform>前 %n 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>Repair the cut…</source>
        <translation>修复裁剪…</translation>
    </message>
    <message>
        <source>Distil a student…</source>
        <translation>蒸馏学生模型…</translation>
    </message>
    <message>
        <source>Audit a file…</source>
        <translation>审查文件…</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Opens a model, or a session, from a file</source>
        <translation>从文件打开模型或会话</translation>
    </message>
    <message>
        <source>Chooses the data that the model is measured on</source>
        <translation>选择用于测量模型的数据</translation>
    </message>
    <message>
        <source>Sets how a picture or a sound becomes the input of the model</source>
        <translation>设置图片或声音如何成为模型的输入</translation>
    </message>
    <message>
        <source>Looks into a file for what could do harm, without opening it</source>
        <translation>检查文件中可能有害的内容，而不打开它</translation>
    </message>
    <message>
        <source>Opens the network %1 with handwritten digits</source>
        <translation>打开网络 %1 和手写数字数据</translation>
    </message>
    <message>
        <source>Goes on where a saved session ended</source>
        <translation>从保存的会话处继续</translation>
    </message>
    <message>
        <source>Saves the recipe, the recipes visited and the view to the session's file</source>
        <translation>将配方、访问过的配方和视图保存到会话文件</translation>
    </message>
    <message>
        <source>Saves the session to another file</source>
        <translation>将会话保存到另一个文件</translation>
    </message>
    <message>
        <source>Writes the cut model to a file, and reads it back</source>
        <translation>将裁剪后的模型写入文件，并读回核对</translation>
    </message>
    <message>
        <source>Closes the model and returns to the first page</source>
        <translation>关闭模型并返回首页</translation>
    </message>
    <message>
        <source>Ends the program</source>
        <translation>退出程序</translation>
    </message>
    <message>
        <source>Nothing to take back</source>
        <translation>没有可撤销的操作</translation>
    </message>
    <message>
        <source>Take back: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Nothing to do again</source>
        <translation>没有可重做的操作</translation>
    </message>
    <message>
        <source>Do again: %1</source>
        <translation>重做：%1</translation>
    </message>
    <message>
        <source>Takes every edit off the selected layers</source>
        <translation>移除所选层的全部编辑</translation>
    </message>
    <message>
        <source>Takes every edit off all layers</source>
        <translation>移除所有层的全部编辑</translation>
    </message>
    <message>
        <source>Gives the edit of this layer to all layers of the same operator</source>
        <translation>将此层的编辑应用到所有同类算子的层</translation>
    </message>
    <message>
        <source>Looks for the smallest cut within a largest drop, or a budget of bytes</source>
        <translation>在允许的最大精度损失或字节预算内寻找最小的裁剪</translation>
    </message>
    <message>
        <source>Find best cut…</source>
        <translation>寻找最佳裁剪…</translation>
    </message>
    <message>
        <source>Trains what the cut has left, and shows how long it takes first</source>
        <translation>训练裁剪后保留的部分，并事先显示所需时间</translation>
    </message>
    <message>
        <source>Trains a smaller network to answer as this one does</source>
        <translation>训练一个更小的网络，使其回答与此网络一致</translation>
    </message>
    <message>
        <source>Puts the recipe on the clipboard, as text</source>
        <translation>将配方以文本形式放入剪贴板</translation>
    </message>
    <message>
        <source>Takes the recipe from the clipboard</source>
        <translation>从剪贴板取用配方</translation>
    </message>
    <message>
        <source>Selects every layer, so that an edit is made to all</source>
        <translation>选中所有层，使编辑作用于全部</translation>
    </message>
    <message>
        <source>Goes to the field that filters the table of layers</source>
        <translation>转到筛选层表格的输入框</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Language, theme, memory, calibration and keys</source>
        <translation>语言、主题、内存、校准和按键</translation>
    </message>
    <message>
        <source>Shows the tab %1</source>
        <translation>显示“%1”标签页</translation>
    </message>
    <message>
        <source>Shows the model without the cut, until chosen again</source>
        <translation>显示未裁剪的模型，再次选择即恢复</translation>
    </message>
    <message>
        <source>Original while held</source>
        <translation>按住时显示原模型</translation>
    </message>
    <message>
        <source>Shows the original for as long as the button, or the key, is held</source>
        <translation>按住此按钮或按键时显示原模型</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>窗口的配色</translation>
    </message>
    <message>
        <source>Language of the window; it changes at once</source>
        <translation>窗口的语言，立即切换</translation>
    </message>
    <message>
        <source>Shows what the manual says about the part that has the focus</source>
        <translation>显示手册中关于当前焦点所在部分的说明</translation>
    </message>
    <message>
        <source>Lists all keys of the program</source>
        <translation>列出程序的所有按键</translation>
    </message>
    <message>
        <source>Version, license, and what the program is built on</source>
        <translation>版本、许可证以及程序所用的库</translation>
    </message>
    <message>
        <source>Puts the panel away, so that the tabs have its room, and brings it back</source>
        <translation>收起面板，为标签页腾出空间，再次选择则恢复</translation>
    </message>
    <message>
        <source>Layers and charts</source>
        <translation>层与图表</translation>
    </message>
    <message>
        <source>Cut panel</source>
        <translation>裁剪面板</translation>
    </message>
</context>
<context>
    <name>Methods</name>
    <message>
        <source>None</source>
        <translation>不剪枝</translation>
    </message>
    <message>
        <source>Keeps every weight.</source>
        <translation>保留所有权重。</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Zeroes weights of smaller magnitude than a value: to cut by the histogram.</source>
        <translation>绝对值小于某值的权重置零：适合对照直方图剪枝。</translation>
    </message>
    <message>
        <source>Share of the layer</source>
        <translation>本层比例</translation>
    </message>
    <message>
        <source>Zeroes a share of the weights, the least important first: the cut to begin with.</source>
        <translation>按重要性从低到高将一定比例的权重置零：最先可试的方法。</translation>
    </message>
    <message>
        <source>Share of the model</source>
        <translation>全模型比例</translation>
    </message>
    <message>
        <source>One ranking over all layers in this mode: robust layers give more.</source>
        <translation>此模式下的所有层统一排序：越不敏感的层剪得越多。</translation>
    </message>
    <message>
        <source>N:M pattern</source>
        <translation>N:M 稀疏</translation>
    </message>
    <message>
        <source>Keeps N of every M neighbours: for chips that skip such zeros.</source>
        <translation>每 M 个相邻权重保留 N 个：适合能跳过这类零的芯片。</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Zeroes whole tiles: for kernels that skip tiles.</source>
        <translation>整块置零：适合能跳过整块的计算内核。</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Removes whole output channels: a smaller and faster model everywhere.</source>
        <translation>移除整个输出通道：模型处处更小、更快。</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Removes whole heads of a transformer: smaller and faster everywhere.</source>
        <translation>移除 Transformer 的整个注意力头：处处更小、更快。</translation>
    </message>
    <message>
        <source>Magnitude (L1)</source>
        <translation>绝对值（L1）</translation>
    </message>
    <message>
        <source>Small weights go first: needs no data.</source>
        <translation>先剪小权重：无需数据。</translation>
    </message>
    <message>
        <source>Energy (L2)</source>
        <translation>能量（L2）</translation>
    </message>
    <message>
        <source>As L1, but one large weight saves its group.</source>
        <translation>同 L1，但一个大权重即可保住整组。</translation>
    </message>
    <message>
        <source>Taylor</source>
        <translation>泰勒</translation>
    </message>
    <message>
        <source>First what moves the loss least, by its gradient: good for whole channels.</source>
        <translation>按梯度先剪对损失影响最小的：适合整通道剪枝。</translation>
    </message>
    <message>
        <source>Wanda</source>
        <translation>Wanda</translation>
    </message>
    <message>
        <source>Small weights on quiet inputs go first: good without training.</source>
        <translation>先剪弱输入上的小权重：无需训练也有好效果。</translation>
    </message>
    <message>
        <source>SparseGPT</source>
        <translation>SparseGPT</translation>
    </message>
    <message>
        <source>What stays makes up for what goes: the least harm in one shot, slower.</source>
        <translation>留下的权重补偿被剪的：一次剪枝损失最小，但较慢。</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Weights stay as they are in the file.</source>
        <translation>权重与文件中的相同。</translation>
    </message>
    <message>
        <source>Symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Signed integers times a scale: the form that fast int8 kernels want.</source>
        <translation>有符号整数乘以缩放系数：快速 int8 内核需要的形式。</translation>
    </message>
    <message>
        <source>Affine</source>
        <translation>仿射</translation>
    </message>
    <message>
        <source>Integers with a zero point: uses lopsided ranges fully.</source>
        <translation>带零点的整数：充分利用不对称的范围。</translation>
    </message>
    <message>
        <source>Min–max</source>
        <translation>最小–最大</translation>
    </message>
    <message>
        <source>Even steps from least to greatest weight: floor(w · N + 0.5).</source>
        <translation>从最小到最大权重等距划分：floor(w · N + 0.5)。</translation>
    </message>
    <message>
        <source>Binary</source>
        <translation>二值</translation>
    </message>
    <message>
        <source>The sign of each weight times the mean magnitude: one bit, for retraining.</source>
        <translation>权重的符号乘以平均绝对值：一位，宜配合再训练。</translation>
    </message>
    <message>
        <source>Bit-planes</source>
        <translation>位平面</translation>
    </message>
    <message>
        <source>A sum of powers of two, of which the lowest can be dropped.</source>
        <translation>表示为二的幂之和，可丢弃最低的几位。</translation>
    </message>
    <message>
        <source>Power of two</source>
        <translation>二的幂</translation>
    </message>
    <message>
        <source>Symmetric with scales that are shifts: for chips without multipliers.</source>
        <translation>对称量化，缩放为移位：适合没有乘法器的芯片。</translation>
    </message>
    <message>
        <source>Ternary</source>
        <translation>三值</translation>
    </message>
    <message>
        <source>−s, 0 or s: two bits and many zeros, for retraining.</source>
        <translation>−s、0 或 s：两位且零多，宜配合再训练。</translation>
    </message>
    <message>
        <source>NF4</source>
        <translation>NF4</translation>
    </message>
    <message>
        <source>16 values as a normal distribution needs them: for 4 bits.</source>
        <translation>按正态分布取 16 个值：适合 4 位。</translation>
    </message>
    <message>
        <source>FP8 E4M3</source>
        <translation>FP8 E4M3</translation>
    </message>
    <message>
        <source>8-bit floats, finer: hardly any loss at 8 bits.</source>
        <translation>8 位浮点，更精细：8 位时几乎无损。</translation>
    </message>
    <message>
        <source>FP8 E5M2</source>
        <translation>FP8 E5M2</translation>
    </message>
    <message>
        <source>8-bit floats, wider: for weights with far outliers.</source>
        <translation>8 位浮点，范围更宽：适合有极端离群值的权重。</translation>
    </message>
    <message>
        <source>Codebook</source>
        <translation>码本</translation>
    </message>
    <message>
        <source>The values that fit best, by k-means: the smallest file at few bits.</source>
        <translation>用 k-means 选出最合适的值：低位数时文件最小。</translation>
    </message>
    <message>
        <source>From least to greatest value: nothing is clipped.</source>
        <translation>从最小值到最大值：不截断。</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>百分位</translation>
    </message>
    <message>
        <source>Leaves out the outermost 0.01 % of the values: for rare outliers.</source>
        <translation>去掉最外侧 0.01 % 的值：适合少量离群值。</translation>
    </message>
    <message>
        <source>Least squares</source>
        <translation>最小二乘</translation>
    </message>
    <message>
        <source>The range whose codes have the least mean squared error: for few bits.</source>
        <translation>编码均方误差最小的范围：适合低位数。</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <source>The range that keeps the distribution best, by Kullback–Leibler divergence.</source>
        <translation>按 KL 散度最能保持分布的范围。</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Each weight to its nearest code: needs no data.</source>
        <translation>取最近的编码：无需数据。</translation>
    </message>
    <message>
        <source>GPTQ</source>
        <translation>GPTQ</translation>
    </message>
    <message>
        <source>Later inputs make up for the error of earlier ones: for 2 to 4 bits.</source>
        <translation>由后面的输入补偿前面的误差：适合 2 到 4 位。</translation>
    </message>
    <message>
        <source>AdaRound</source>
        <translation>AdaRound</translation>
    </message>
    <message>
        <source>Up or down, whichever leaves the layer&apos;s output closer: for 2 to 4 bits.</source>
        <translation>向上或向下取整，以使层输出更接近：适合 2 到 4 位。</translation>
    </message>
    <message>
        <source>One matrix, as in the file.</source>
        <translation>一个矩阵，与文件中相同。</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>秩</translation>
    </message>
    <message>
        <source>Two narrow layers in place of one: choose how narrow.</source>
        <translation>用两个窄层代替一层：自选宽度。</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>能量</translation>
    </message>
    <message>
        <source>As narrow as it can be while it keeps a share of the squared singular values.</source>
        <translation>在保留一定比例奇异值平方的前提下尽量窄。</translation>
    </message>
</context>
<context>
    <name>DataNotices</name>
    <message>
        <source>Folders that hold no samples are no classes: %1.</source>
        <translation>不含样本的文件夹不是类别：%1。</translation>
    </message>
    <message>
        <source>Left out, because they lie beside the class folders (%1): %2.</source>
        <translation>未采用，因为它们在类别文件夹之外（%1 个）：%2。</translation>
    </message>
    <message>
        <source>Left out, because they are no samples of this kind (%1): %2.</source>
        <translation>未采用，因为它们不是此类样本（%1 个）：%2。</translation>
    </message>
    <message>
        <source>Links that are not followed (%1): %2.</source>
        <translation>未跟随的链接（%1 个）：%2。</translation>
    </message>
    <message>
        <source>The class folders are named by numbers, which count as the classes: %1.</source>
        <translation>类别文件夹以数字命名，数字即为类别：%1。</translation>
    </message>
    <message>
        <source>The class folders are named as parts of a data set: %1. Open one of them where they hold class folders themselves.</source>
        <translation>类别文件夹的名称像是数据集的各部分：%1。如果其中还有类别文件夹，请打开其中一个。</translation>
    </message>
    <message>
        <source>The preprocessing leaves these open, and they were guessed: %1. File ▸ Preprocessing… shows and changes them.</source>
        <translation>预处理未给出以下各项，它们为猜测：%1。“文件 ▸ 预处理…”可查看和更改。</translation>
    </message>
    <message>
        <source>Keys of the preprocessing without effect here: %1.</source>
        <translation>预处理中在此不起作用的键：%1。</translation>
    </message>
    <message>
        <source>Pictures are left out, because no reader of their kind is installed: %1. Install Debian&apos;s qt6-image-formats-plugins, or convert them to PNG.</source>
        <translation>未采用部分图片，因为没有安装读取此类图片的程序：%1。请安装 Debian 的 qt6-image-formats-plugins，或转换为 PNG。</translation>
    </message>
    <message>
        <source>Pictures of more than 8 bits a channel are read with 8: %1.</source>
        <translation>每通道超过 8 位的图片按 8 位读取：%1。</translation>
    </message>
    <message>
        <source>Pictures of 16 bits a channel use the low bits alone and become nearly black: %1. Spread their values over all 16 bits.</source>
        <translation>每通道 16 位的图片只用到低位，读取后几乎全黑：%1。请把数值扩展到全部 16 位。</translation>
    </message>
    <message>
        <source>Pictures may be transparent in places, where they are shown over white: %1.</source>
        <translation>图片可能有透明处，这些地方以白色为底：%1。</translation>
    </message>
    <message>
        <source>Pictures of four inks (CMYK) become RGB without their colour profile: %1.</source>
        <translation>四色油墨（CMYK）的图片不经色彩配置文件直接转为 RGB：%1。</translation>
    </message>
    <message>
        <source>Pictures hold several frames or pages, of which the first is read: %1.</source>
        <translation>图片含有多帧或多页，读取的是第一帧：%1。</translation>
    </message>
    <message>
        <source>The data are in parts, of which the first of these is measured, with its samples: %1. Another is chosen beside the data&apos;s name, above.</source>
        <translation>数据分为多个部分，测量的是以下第一个部分（附样本数）：%1。可在上方数据名称旁选择其他部分。</translation>
    </message>
    <message>
        <source>Arrays that feed no input are left out: %1.</source>
        <translation>未采用不对应任何输入的数组：%1。</translation>
    </message>
    <message>
        <source>Arrays without names were taken for samples and labels: %1.</source>
        <translation>没有名称的数组被当作样本和标签：%1。</translation>
    </message>
    <message>
        <source>Columns beside files and labels are left out: %1.</source>
        <translation>未采用文件和标签之外的列：%1。</translation>
    </message>
    <message>
        <source>No column is called as labels are, so the samples have none: %1. Call the column of labels “label”.</source>
        <translation>没有列以标签的名称命名，因此样本没有标签：%1。请把标签列命名为“label”。</translation>
    </message>
    <message>
        <source>The folder was read as its table says: %1.</source>
        <translation>文件夹按其中的表格读取：%1。</translation>
    </message>
    <message>
        <source>Labels that are words were numbered in their sorted order: %1.</source>
        <translation>以单词表示的标签按排序后的顺序编号：%1。</translation>
    </message>
    <message>
        <source>The labels are of %1 classes, but the model answers with %2. Check that classes are numbered as the model numbers them.</source>
        <translation>标签有 %1 个类别，而模型的回答有 %2 个。请检查类别的编号是否与模型一致。</translation>
    </message>
    <message>
        <source>All %1 samples are labelled %2, so the accuracy is that of one class.</source>
        <translation>全部 %1 个样本的标签都是 %2，因此准确率只是这一个类别的准确率。</translation>
    </message>
    <message>
        <source>The labels seem to be numbered otherwise than the model&apos;s classes: %1 of %2 samples would be right if the data&apos;s classes had these numbers: %3.</source>
        <translation>标签的编号似乎与模型的类别不同：如果数据的类别使用以下编号，%2 个样本中有 %1 个会答对：%3。</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>This program does not know these operators (× counts their nodes): %1. The model can be cut, but not run.</source>
        <translation>本程序不认识这些算子（× 后为节点数）：%1。模型可以裁剪，但不能运行。</translation>
    </message>
    <message>
        <source>The file holds weights without a graph: sizes and weights can be cut, accuracy cannot be measured.</source>
        <translation>该文件只有权重而没有计算图：可以裁剪权重与大小，但无法测量准确率。</translation>
    </message>
    <message>
        <source>External data: %1</source>
        <translation>外部数据：%1</translation>
    </message>
    <message>
        <source>The model asks for a newer operator set than this program knows: %1</source>
        <translation>模型要求的算子集版本比本程序所知的更新：%1</translation>
    </message>
    <message>
        <source>Not kept from the file: %1</source>
        <translation>未从文件中保留：%1</translation>
    </message>
    <message>
        <source>Shapes could not be inferred: %1</source>
        <translation>无法推断形状：%1</translation>
    </message>
    <message>
        <source>Left out, as it is kept for training alone: %1</source>
        <translation>仅用于训练而保存的内容已略去：%1</translation>
    </message>
    <message>
        <source>A second copy of the weights, averaged over the training, is left out: %1. To cut it in place of the others, save it to a file of its own.</source>
        <translation>训练中平均得到的第二份权重已略去：%1。要裁剪它而不是另一份，请把它单独保存成文件。</translation>
    </message>
    <message>
        <source>Several names stand for one weight, which is counted, cut and written once: %1</source>
        <translation>多个名称代表同一个权重，只计数、裁剪和写入一次：%1</translation>
    </message>
    <message>
        <source>These share a part of their numbers in the file, and are cut and written apart from each other: %1</source>
        <translation>它们在文件中共用部分数值，但分别裁剪和写入：%1</translation>
    </message>
    <message>
        <source>Kept as they are, in element types that cannot be cut: %1</source>
        <translation>元素类型无法裁剪，保持原样：%1</translation>
    </message>
    <message>
        <source>These are multiplied by scales that stand beside them; their values are shown and cut without: %1</source>
        <translation>它们要乘以旁边的缩放；显示和裁剪的值不含缩放：%1</translation>
    </message>
    <message>
        <source>The file is a part of a model: %1</source>
        <translation>该文件是模型的一部分：%1</translation>
    </message>
    <message>
        <source>gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>resize %1</source>
        <translation>缩放至 %1</translation>
    </message>
    <message>
        <source>crop %1</source>
        <translation>裁切 %1</translation>
    </message>
    <message>
        <source>scale %1</source>
        <translation>缩放系数 %1</translation>
    </message>
    <message>
        <source>mean %1</source>
        <translation>均值 %1</translation>
    </message>
    <message>
        <source>std %1</source>
        <translation>标准差 %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more of this kind</source>
        <translation>
            <numerusform>另有 %n 条同类提示</numerusform>
        </translation>
    </message>
    <message>
        <source>The preprocessing was guessed from the model&apos;s input: %1. File ▸ Preprocessing… shows and changes it.</source>
        <translation>预处理是根据模型输入猜测的：%1。可在“文件 ▸ 预处理…”中查看和修改。</translation>
    </message>
    <message>
        <source>The preprocessing is the one of several common forms that answers most of the labelled samples right: %1. File ▸ Preprocessing… shows and changes it.</source>
        <translation>预处理取自几种常见形式中能答对最多有标签样本的一种：%1。可在“文件 ▸ 预处理…”中查看和修改。</translation>
    </message>
    <message>
        <source>%1 of %2 parameters belong to no layer, and stay as they are: %3</source>
        <translation>%2 个参数中有 %1 个不属于任何层，保持原样：%3</translation>
    </message>
    <message>
        <source>The model has no layer whose weights could be cut.</source>
        <translation>模型中没有可以裁剪权重的层。</translation>
    </message>
    <message>
        <source>Functions that the file defines were put in the place of their calls, and are written so: %1</source>
        <translation>文件自定义的函数已展开到调用处，写出时也如此：%1</translation>
    </message>
    <message>
        <source>Packed weights were opened as DequantizeLinear and MatMul, so that they can be cut, and are written so: %1</source>
        <translation>打包的权重已展开为 DequantizeLinear 和 MatMul 以便裁剪，写出时也是如此：%1</translation>
    </message>
    <message>
        <source>Several outputs could be the scores of the classes; taken was %1. Another can be chosen where the data are described.</source>
        <translation>有多个输出可能是各类别的得分；已采用 %1。可在描述数据处另选。</translation>
    </message>
</context>
<context>
    <name>Planner</name>
    <message>
        <source>no layer with weights</source>
        <translation>没有带权重的层</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>predicted %1 · measured %2</source>
        <translation>预测 %1 · 实测 %2</translation>
    </message>
    <message>
        <source>predicted %1 samples/s, measured %2 samples/s</source>
        <translation>预测 %1 样本/秒，实测 %2 样本/秒</translation>
    </message>
    <message>
        <source>prediction off by %1</source>
        <translation>预测偏差 %1</translation>
    </message>
    <message>
        <source>%1 times one worker&apos;s throughput</source>
        <translation>为单线程吞吐量的 %1 倍</translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>%n 个工作线程</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Pipeline of %n stage(s)</source>
        <translation>
            <numerusform>%n 段流水线</numerusform>
        </translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>The stages in order and the layers of each; double click selects them</source>
        <translation>按顺序列出各阶段及其包含的层；双击可选中这些层</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Milliseconds for one batch, the handover to the stage included</source>
        <translation>处理一批所需的毫秒数，包括交接到该阶段的时间</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Of the time of all stages: equal shares are the best cut</source>
        <translation>占全部阶段时间的比例：各段相等时切分最佳</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>忙碌</translation>
    </message>
    <message>
        <source>Measured share of the run in which the stage&apos;s thread computed</source>
        <translation>实测该阶段线程在运行期间用于计算的时间比例</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Bytes of the weights that the stage holds</source>
        <translation>该阶段所持权重的字节数</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活值</translation>
    </message>
    <message>
        <source>Bytes of activations alive at most, with the batches that wait before the stage</source>
        <translation>同时存在的激活值的最大字节数，包括在该阶段前等待的批次</translation>
    </message>
    <message>
        <source>Handed in</source>
        <translation>传入</translation>
    </message>
    <message>
        <source>Bytes of activations that one batch brings from the stage before</source>
        <translation>每批从上一阶段传来的激活值字节数</translation>
    </message>
    <message>
        <source>Stage %1: %2</source>
        <translation>阶段 %1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n 个步骤</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) with weights</source>
        <translation>
            <numerusform>%n 个带权重的层</numerusform>
        </translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layers large enough to be computed in parts of their output channels</source>
        <translation>足够大、可按输出通道分块计算的层</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Output channels of the layer</source>
        <translation>该层的输出通道数</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>分块</translation>
    </message>
    <message>
        <source>Parts that are computed at the same time</source>
        <translation>同时计算的分块数</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>整体</translation>
    </message>
    <message>
        <source>Milliseconds of the whole layer for one batch, measured</source>
        <translation>整层处理一批所需的毫秒数，实测</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Milliseconds of the layer in parts, predicted</source>
        <translation>该层分块计算所需的毫秒数，预测</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>Milliseconds of the layer in parts, measured</source>
        <translation>该层分块计算所需的毫秒数，实测</translation>
    </message>
    <message>
        <source>%1 times as fast as whole</source>
        <translation>速度为整体计算的 %1 倍</translation>
    </message>
    <message>
        <source>share of each worker: %1</source>
        <translation>各工作线程的份额：%1</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Predicted, samples/s</source>
        <translation>预测，样本/秒</translation>
    </message>
    <message>
        <source>Measured, samples/s</source>
        <translation>实测，样本/秒</translation>
    </message>
    <message>
        <source>Shares</source>
        <translation>份额</translation>
    </message>
    <message>
        <source>stage %1 of %2 of the plan: %3 a batch, %4 of weights</source>
        <translation>规划的第 %1 阶段（共 %2 个）：每批 %3，权重 %4</translation>
    </message>
</context>
<context>
    <name>Repair</name>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>This model cannot be run, so it cannot be trained.</source>
        <translation>此模型无法运行，因此无法训练。</translation>
    </message>
    <message>
        <source>A repair learns from samples: open data first (File, Open data…).</source>
        <translation>修复需要从样本中学习：请先打开数据（“文件 › 打开数据…”）。</translation>
    </message>
    <message>
        <source>The model&apos;s outputs are not scores of classes: there is no loss to train with.</source>
        <translation>模型的输出不是类别得分：没有可供训练的损失。</translation>
    </message>
    <message>
        <source>There is nothing to repair yet: cut a layer first.</source>
        <translation>还没有需要修复的内容：请先裁剪某一层。</translation>
    </message>
</context>
<context>
    <name>RuntimeCheck</name>
    <message>
        <source>Checked: answers as shown, by the rules proved against ONNX Runtime at every optimisation level.</source>
        <translation>已检查：按照在 ONNX Runtime 各优化级别上验证过的规则，其回答与所显示的一致。</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Not proved that ONNX Runtime answers as shown, for want of a rule for: %1. Run the file there and compare.</source>
        <translation>以下节点没有经过验证的规则，不能保证 ONNX Runtime 的回答与所显示的一致：%1。请在那里运行该文件并加以对比。</translation>
    </message>
</context>
<context>
    <name>SaveWithProgress</name>
    <message>
        <source>Saving %1…</source>
        <translation>正在保存 %1…</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>WeightLayout</name>
    <message>
        <source>vector of %1</source>
        <translation>长度 %1 的向量</translation>
    </message>
    <message>
        <source>matrix %1 × %2</source>
        <translation>矩阵 %1 × %2</translation>
    </message>
    <message>
        <source>%1 × %2 kernels of %3 × %4</source>
        <translation>%1 × %2 个 %3 × %4 卷积核</translation>
    </message>
    <message>
        <source>element %1</source>
        <translation>元素 %1</translation>
    </message>
    <message>
        <source>row %1, column %2</source>
        <translation>第 %1 行，第 %2 列</translation>
    </message>
    <message>
        <source>kernel %1, %2 at row %3, column %4</source>
        <translation>卷积核 %1, %2 的第 %3 行，第 %4 列</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ActivationsSection</name>
    <message>
        <source>Range from</source>
        <translation>范围取自</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活值</translation>
    </message>
    <message>
        <source>Choose the activations</source>
        <translation>选择激活值</translation>
    </message>
    <message>
        <source>Choose the range</source>
        <translation>选择范围</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>The layer reads 32-bit floats, as in the file.</source>
        <translation>该层读取 32 位浮点数，与文件一致。</translation>
    </message>
    <message>
        <source>Int8 static</source>
        <translation>Int8 静态</translation>
    </message>
    <message>
        <source>8-bit codes in a range that calibration on your first samples fixed: fastest, for pictures and sounds.</source>
        <translation>8 位编码，范围由前若干样本校准后固定：最快，适合图像和声音。</translation>
    </message>
    <message>
        <source>Int8 dynamic</source>
        <translation>Int8 动态</translation>
    </message>
    <message>
        <source>8-bit codes in the range of each sample as it comes: needs no calibration, for texts and inputs that vary much.</source>
        <translation>8 位编码，范围随每个样本而定：无需校准，适合文本和变化较大的输入。</translation>
    </message>
    <message>
        <source>Min–max</source>
        <translation>最小–最大</translation>
    </message>
    <message>
        <source>From least to greatest value seen: nothing is clipped.</source>
        <translation>从所见最小值到最大值：不截断任何值。</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>百分位</translation>
    </message>
    <message>
        <source>Leaves out the outermost 0.01 % of the values: for rare outliers.</source>
        <translation>舍去最外侧 0.01 % 的值：适合偶有离群值的情况。</translation>
    </message>
    <message>
        <source>Least squares</source>
        <translation>最小二乘</translation>
    </message>
    <message>
        <source>The range whose 256 codes have the least mean squared error.</source>
        <translation>256 个编码均方误差最小的范围。</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <source>The range that keeps the distribution best, by Kullback–Leibler divergence (Migacz 2017).</source>
        <translation>按 KL 散度最能保持分布的范围（Migacz 2017）。</translation>
    </message>
    <message>
        <source>The selected layers differ.</source>
        <translation>所选各层不一致。</translation>
    </message>
    <message>
        <source>8 bits, range fixed by calibration. The first change waits for it.</source>
        <translation>8 位，范围由校准固定。首次更改需等待校准。</translation>
    </message>
    <message>
        <source>8 bits, range of each sample. Runs one sample at a time.</source>
        <translation>8 位，范围随样本而定。每次运行一个样本。</translation>
    </message>
    <message>
        <source>What the layer reads stays as it is.</source>
        <translation>该层读取的值保持不变。</translation>
    </message>
    <message>
        <source>Only what Conv, Gemm and MatMul layers read can be quantized.</source>
        <translation>只有 Conv、Gemm 和 MatMul 层读取的值可以量化。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::AnswerBars</name>
    <message>
        <source>%1: %2. </source>
        <translation>%1：%2。</translation>
    </message>
    <message>
        <source>No answers yet</source>
        <translation>尚无回答</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::AuditDialog</name>
    <message>
        <source>Audit of a file</source>
        <translation>文件审查</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Pickles</source>
        <translation>Pickle</translation>
    </message>
    <message>
        <source>Progress of the audit</source>
        <translation>审查进度</translation>
    </message>
    <message>
        <source>No file looked into yet</source>
        <translation>尚未审查文件</translation>
    </message>
    <message>
        <source>Choose a model file or an archive of any kind. It is looked into without being opened or run: pickles, archives, scripts, hidden programs, paths that lead out, and manifests.</source>
        <translation>选择任意模型文件或压缩包。审查不会打开或运行它：检查 pickle、压缩包、脚本、隐藏的程序、指向外部的路径以及清单。</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>No findings</source>
        <translation>没有发现</translation>
    </message>
    <message>
        <source>Findings of the audit</source>
        <translation>审查的发现</translation>
    </message>
    <message>
        <source>The chosen finding</source>
        <translation>所选的发现</translation>
    </message>
    <message>
        <source>Pickle</source>
        <translation>Pickle</translation>
    </message>
    <message>
        <source>Opcodes of the pickle</source>
        <translation>pickle 的操作码</translation>
    </message>
    <message>
        <source>Save findings…</source>
        <translation>保存发现…</translation>
    </message>
    <message>
        <source>As JSON, or as SARIF for editors and code hosts</source>
        <translation>保存为 JSON，或供编辑器和代码托管平台使用的 SARIF</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Audit a file</source>
        <translation>审查文件</translation>
    </message>
    <message>
        <source>Looking into it…</source>
        <translation>正在审查…</translation>
    </message>
    <message>
        <source>%1, %2 bytes</source>
        <translation>%1，%2 字节</translation>
    </message>
    <message>
        <source>Its structure is sound. Of what the audit knows, nothing was found that runs when it is loaded, hides in it or leads out of its folder. What nobody has seen before, and how the model behaves, are other questions.</source>
        <translation>文件结构完好。就审查所知，没有发现加载时会运行、隐藏其中或指向其文件夹之外的内容。前所未见的手法以及模型的行为是另外的问题。</translation>
    </message>
    <message>
        <source>the file itself</source>
        <translation>文件本身</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>Why it matters</source>
        <translation>为何重要</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>如何处理</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Reading its opcodes…</source>
        <translation>正在读取操作码…</translation>
    </message>
    <message>
        <source>Nothing of it was run. Coloured: known to run code or to reach what does.</source>
        <translation>其中没有任何内容被运行。着色者：已知会运行代码，或会触及能运行代码的对象。</translation>
    </message>
    <message>
        <source>It could not be looked into</source>
        <translation>无法审查</translation>
    </message>
    <message>
        <source>Save findings</source>
        <translation>保存发现</translation>
    </message>
    <message>
        <source>JSON (*.json);;SARIF (*.sarif)</source>
        <translation>JSON (*.json);;SARIF (*.sarif)</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>已写入 %1</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::AuditWatch</name>
    <message numerus="yes">
        <source>The audit of this file has %n finding(s), the worst of severity “%1”: File, Audit a file…</source>
        <translation>
            <numerusform>对此文件的审查有 %n 项发现，最严重的级别为“%1”：见“文件 › 审查文件…”</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::Autosave</name>
    <message>
        <source>%1 cannot be written</source>
        <translation>无法写入 %1</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::BytesBars</name>
    <message>
        <source>Bytes of each layer in the file: before (slate) and after the cut (jade)</source>
        <translation>每一层在文件中的字节数：裁剪前（石板灰）与裁剪后（翠绿）</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Bytes before</source>
        <translation>裁剪前字节数</translation>
    </message>
    <message>
        <source>Bytes after</source>
        <translation>裁剪后字节数</translation>
    </message>
    <message>
        <source>Dense float32</source>
        <translation>稠密 float32</translation>
    </message>
    <message>
        <source>Packed integers</source>
        <translation>紧密排列的整数</translation>
    </message>
    <message>
        <source>As %1</source>
        <translation>%1 文件</translation>
    </message>
    <message>
        <source>%1, zipped</source>
        <translation>%1，zip 压缩</translation>
    </message>
    <message>
        <source>.lapidary</source>
        <translation>.lapidary</translation>
    </message>
    <message>
        <source>The original file with every weight as a 32-bit float.</source>
        <translation>原始文件，每个权重为 32 位浮点数。</translation>
    </message>
    <message>
        <source>Integers in as few bits as they need, one behind the other; zeros take their place.</source>
        <translation>整数按所需的最少位数依次排列；零也占位。</translation>
    </message>
    <message>
        <source>The file that Export writes. Integers take 4, 8 or 16 bits; zeros take their place.</source>
        <translation>“导出”写出的文件。整数占 4、8 或 16 位；零也占位。</translation>
    </message>
    <message>
        <source>That file in a zip (deflate).</source>
        <translation>将该文件放入 zip（deflate）。</translation>
    </message>
    <message>
        <source>The same file, entropy-coded: zeros and frequent values take a fraction of a bit. lapidary-cli unpack gives the file back byte for byte.</source>
        <translation>同一文件经熵编码：零和常见值只占不到一位。lapidary-cli unpack 可逐字节还原该文件。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Zeros take their place in %1: what they save shows zipped or as .lapidary.</source>
        <translation>零在 %1 中同样占位：压缩为 zip 或 .lapidary 才能看到节省。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::CalibrationCoach</name>
    <message>
        <source>The range that is kept, against the samples that calibration had seen</source>
        <translation>保留的数值范围随已校准样本数的变化</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>High</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>Calibrating…</source>
        <translation>正在校准…</translation>
    </message>
    <message>
        <source>At rest since sample %1 of %2: more samples would not help.</source>
        <translation>自第 %1 个样本起已稳定（共 %2 个）：更多样本也无济于事。</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message numerus="yes">
        <source>The range still moved by %1 in the last of %n samples: more may help (View ▸ Calibration).</source>
        <translation>
            <numerusform>在 %n 个样本的末段，范围仍移动了 %1：更多样本或有帮助（视图 ▸ 校准）。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>after %n sample(s)</source>
        <translation>
            <numerusform>%n 个样本之后</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::CellTable</name>
    <message>
        <source>Copy data</source>
        <translation>复制数据</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ChannelGroupLabel</name>
    <message>
        <source>Made together with %1</source>
        <translation>与 %1 共同产生</translation>
    </message>
    <message>
        <source>Read by %1</source>
        <translation>由 %1 读取</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 等另外 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n head(s), of which %1 may go</source>
        <translation>
            <numerusform>%n 个注意力头，其中 %1 个可移除</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s), of which %1 may go</source>
        <translation>
            <numerusform>%n 个通道，其中 %1 个可移除</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>With %n constant(s): biases, norms, shapes</source>
        <translation>
            <numerusform>连同 %n 个常量：偏置、归一化、形状</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ChartView</name>
    <message>
        <source>Copy data</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>另存为 PNG…</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>另存为 SVG…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ColorBar</name>
    <message>
        <source>Colours from %1 to %2, %3</source>
        <translation>颜色从 %1 到 %2，%3</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ConfusionModel</name>
    <message>
        <source>truth %1, answered %2</source>
        <translation>真值 %1，回答 %2</translation>
    </message>
    <message>
        <source>the original answers %1, the cut %2</source>
        <translation>原模型回答 %1，裁剪后回答 %2</translation>
    </message>
    <message>
        <source>original: %1, cut: %2</source>
        <translation>原模型：%1，裁剪后：%2</translation>
    </message>
    <message>
        <source>the teacher answers %1, the student %2</source>
        <translation>教师回答 %1，学生回答 %2</translation>
    </message>
    <message>
        <source>teacher: %1, student: %2</source>
        <translation>教师：%1，学生：%2</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::CutPanel</name>
    <message>
        <source>These layers keep their own pruning:</source>
        <translation>以下层保留各自原有的剪枝：</translation>
    </message>
    <message>
        <source>Reset layer</source>
        <translation>重置此层</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Takes the cut of the selected layers back</source>
        <translation>撤回所选层的裁剪</translation>
    </message>
    <message>
        <source>Takes every cut back</source>
        <translation>撤回所有裁剪</translation>
    </message>
    <message>
        <source>Cuts every layer of this operator as this one is cut</source>
        <translation>将同类算子的所有层按此层的方式裁剪</translation>
    </message>
    <message>
        <source>Reset layers</source>
        <translation>重置所选层</translation>
    </message>
    <message>
        <source>Apply to all %1</source>
        <translation>应用到所有 %1</translation>
    </message>
    <message>
        <source>the whole model</source>
        <translation>整个模型</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 层</numerusform>
        </translation>
    </message>
    <message>
        <source>This layer</source>
        <translation>此层</translation>
    </message>
    <message>
        <source>These layers</source>
        <translation>所选层</translation>
    </message>
    <message>
        <source>signal-to-noise of the weights: %1 dB</source>
        <translation>权重信噪比：%1 dB</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::DistillDialog</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Waits after the present step; nothing is lost</source>
        <translation>当前一步结束后等待；不会丢失任何内容</translation>
    </message>
    <message>
        <source>Paused after epoch %1</source>
        <translation>在第 %1 轮之后暂停</translation>
    </message>
    <message>
        <source>Timing a few steps…</source>
        <translation>正在为几步训练计时…</translation>
    </message>
    <message>
        <source>Save student as…</source>
        <translation>学生模型另存为…</translation>
    </message>
    <message>
        <source>Open the student</source>
        <translation>打开学生模型</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Distil a student</source>
        <translation>蒸馏学生模型</translation>
    </message>
    <message>
        <source>A smaller model learns what the open one, its teacher, answers. The teacher is the model as it was opened; cuts do not count.</source>
        <translation>让较小的模型学习已打开模型（教师）的答案。教师是打开时的模型，裁剪不计在内。</translation>
    </message>
    <message>
        <source>Progress of the distillation</source>
        <translation>蒸馏进度</translation>
    </message>
    <message>
        <source>Student</source>
        <translation>学生</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Teacher and student</source>
        <translation>教师与学生</translation>
    </message>
    <message>
        <source>Writes the student, opens the file again and measures it</source>
        <translation>写出学生模型，重新打开文件并测量</translation>
    </message>
    <message>
        <source>Saves the student and opens it in place of the teacher, to be cut like any model</source>
        <translation>保存学生模型并代替教师打开，可像任何模型一样裁剪</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>This model cannot be run, so it cannot teach.</source>
        <translation>此模型无法运行，因此不能充当教师。</translation>
    </message>
    <message>
        <source>A student learns from samples: open data first (File, Open data…).</source>
        <translation>学生模型从样本学习：请先打开数据（“文件 › 打开数据…”）。</translation>
    </message>
    <message>
        <source>The model&apos;s outputs are not scores of classes: there is nothing to distil.</source>
        <translation>模型的输出不是类别得分：没有可蒸馏的内容。</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message>
        <source>Distil</source>
        <translation>蒸馏</translation>
    </message>
    <message>
        <source>Ends the training; the best epoch so far is the student</source>
        <translation>结束训练；迄今最佳的一轮即为学生模型</translation>
    </message>
    <message>
        <source>Trains in the background; the open model stays as it is</source>
        <translation>在后台训练；已打开的模型保持不变</translation>
    </message>
    <message>
        <source>Asking the teacher…</source>
        <translation>正在询问教师…</translation>
    </message>
    <message>
        <source>Stopping: the best epoch so far is compared with the teacher…</source>
        <translation>正在停止：将迄今最佳的一轮与教师比较…</translation>
    </message>
    <message>
        <source>Discarded: there is no student.</source>
        <translation>已放弃：没有学生模型。</translation>
    </message>
    <message>
        <source>Comparing student and teacher…</source>
        <translation>正在比较学生与教师…</translation>
    </message>
    <message>
        <source>Epoch %1 of %2</source>
        <translation>第 %1 轮，共 %2 轮</translation>
    </message>
    <message>
        <source>%1 of the validation samples so far, %2 before</source>
        <translation>验证样本：目前最佳 %1，学习前 %2</translation>
    </message>
    <message>
        <source>The student is %1 times smaller than its teacher</source>
        <translation>学生模型的大小是教师的 1/%1</translation>
    </message>
    <message>
        <source> and answers %1 of the open data right, the teacher %2. Best of epoch %3.</source>
        <translation>，在打开的数据上答对 %1，教师 %2。最佳为第 %3 轮。</translation>
    </message>
    <message>
        <source> and agrees with it on %1 of the open data. Best of epoch %2.</source>
        <translation>，在打开的数据上与教师一致 %1。最佳为第 %2 轮。</translation>
    </message>
    <message>
        <source>Save the student</source>
        <translation>保存学生模型</translation>
    </message>
    <message>
        <source>Models (%1)</source>
        <translation>模型 (%1)</translation>
    </message>
    <message>
        <source>Writing the student, reading it back and measuring it…</source>
        <translation>正在写出学生模型、读回并测量…</translation>
    </message>
    <message>
        <source>%1 written and read back: %2</source>
        <translation>%1 已写出并读回：%2</translation>
    </message>
    <message>
        <source>No epoch was better than the student before its first step. Try a lower learning rate, or more epochs.</source>
        <translation>没有任何一轮优于学习前的学生模型。请降低学习率，或增加轮数。</translation>
    </message>
    <message>
        <source>A training goes on; the line at the bottom of the window shows it</source>
        <translation>训练会继续进行，窗口底部的状态栏会显示进度</translation>
    </message>
    <message>
        <source>Distillation</source>
        <translation>蒸馏</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ExportDialog</name>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Kind of file</source>
        <translation>文件类型</translation>
    </message>
    <message>
        <source>Where to</source>
        <translation>保存位置</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>已取消，未写入任何文件。</translation>
    </message>
    <message>
        <source>ONNX</source>
        <translation>ONNX</translation>
    </message>
    <message>
        <source>The model alone, ready for ONNX Runtime</source>
        <translation>仅模型，可直接用于 ONNX Runtime</translation>
    </message>
    <message>
        <source>Bundle (zip)</source>
        <translation>成果包（zip）</translation>
    </message>
    <message>
        <source>Model, recipe, report and heatmaps in one file</source>
        <translation>模型、配方、报告与热图合为一个文件</translation>
    </message>
    <message>
        <source>safetensors</source>
        <translation>safetensors</translation>
    </message>
    <message>
        <source>The weights alone</source>
        <translation>仅权重</translation>
    </message>
    <message>
        <source>npz</source>
        <translation>npz</translation>
    </message>
    <message>
        <source>The weights alone, for NumPy</source>
        <translation>仅权重，供 NumPy 使用</translation>
    </message>
    <message>
        <source>The whole model as shown, %1: pruned weights as zeros, quantized ones as integers with DequantizeLinear. Runs in ONNX Runtime.</source>
        <translation>与所示一致的完整模型，%1：剪枝的权重为零，量化的权重为整数并配 DequantizeLinear。可在 ONNX Runtime 中运行。</translation>
    </message>
    <message>
        <source>The ONNX model (%1), the recipe, a report that opens alone in a browser, heatmaps before and after, and a manifest with SHA-256 and figures.</source>
        <translation>ONNX 模型（%1）、配方、可单独在浏览器中打开的报告、裁剪前后的热图，以及含 SHA-256 与各项指标的清单。</translation>
    </message>
    <message>
        <source>All weights as cut, integers with their scales; the graph is not part of it.</source>
        <translation>裁剪后的全部权重，整数附带缩放系数；不含计算图。</translation>
    </message>
    <message>
        <source>All weights as cut, as NumPy arrays; the graph is not part of it.</source>
        <translation>裁剪后的全部权重，以 NumPy 数组保存；不含计算图。</translation>
    </message>
    <message>
        <source>%1 exists. Write over it?</source>
        <translation>%1 已存在。要覆盖吗？</translation>
    </message>
    <message>
        <source>Writing, reopening and measuring…</source>
        <translation>正在写入、重新打开并测量…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>✓ %1 written, %2</source>
        <translation>✓ 已写入 %1，%2</translation>
    </message>
    <message>
        <source>Reopened and measured: top-1 %1 on %2 samples</source>
        <translation>重新打开并测量：%2 个样本上 top-1 为 %1</translation>
    </message>
    <message>
        <source>Reopened and measured: %1 agree with the original, of %2 samples</source>
        <translation>重新打开并测量：%2 个样本中 %1 与原模型一致</translation>
    </message>
    <message>
        <source>Reopened and compared: what was read back is what was written.</source>
        <translation>重新打开并比对：读回的内容与写入的一致。</translation>
    </message>
    <message>
        <source>SHA-256 %1</source>
        <translation>SHA-256 %1</translation>
    </message>
    <message>
        <source>.lapidary</source>
        <translation>.lapidary</translation>
    </message>
    <message>
        <source>The model packed as small as it goes</source>
        <translation>压缩到最小的模型</translation>
    </message>
    <message>
        <source>The ONNX model as shown, packed as small as it goes.</source>
        <translation>所示的 ONNX 模型，压缩到最小。</translation>
    </message>
    <message>
        <source>All weights as cut, packed as small as they go.</source>
        <translation>裁剪后的全部权重，压缩到最小。</translation>
    </message>
    <message>
        <source>About %1.</source>
        <translation>约 %1。</translation>
    </message>
    <message>
        <source>This program opens it; lapidary-cli unpack gives back the file that was packed, byte for byte.</source>
        <translation>本程序可打开它；lapidary-cli unpack 可逐字节还原打包前的文件。</translation>
    </message>
    <message>
        <source>With the samples behind the heatmaps, which are copies of the data</source>
        <translation>附上热图对应的样本（即数据的副本）</translation>
    </message>
    <message>
        <source>With its robustness and a detector of tampered inputs</source>
        <translation>附上稳健性数据和受篡改输入检测器</translation>
    </message>
    <message>
        <source>Attacks the original and the cut with the first 200 samples, fits a detector to up to 1000, and writes both into the report: half a minute for the demo, minutes for larger models</source>
        <translation>用前 200 个样本攻击原模型和裁剪后的模型，用至多 1000 个样本拟合检测器，两者都写入报告：演示模型约需半分钟，较大的模型需数分钟</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>要写入的文件</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::FiguresStrip</name>
    <message>
        <source>Repair…</source>
        <translation>修复…</translation>
    </message>
    <message>
        <source>Trains what the cut has left, and shows how long it takes first</source>
        <translation>训练裁剪后剩下的权重，并先告知所需时间</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::FindingModel</name>
    <message>
        <source>the whole file</source>
        <translation>整个文件</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::HistogramChart</name>
    <message>
        <source>Distribution of the weights</source>
        <translation>权重分布</translation>
    </message>
    <message>
        <source>Left and right move the pruning threshold.</source>
        <translation>左右方向键移动剪枝阈值。</translation>
    </message>
    <message>
        <source>Distribution of the weights, threshold %1</source>
        <translation>权重分布，阈值 %1</translation>
    </message>
    <message>
        <source>%1 … %2</source>
        <translation>%1 … %2</translation>
    </message>
    <message>
        <source>original: %1</source>
        <translation>原模型：%1</translation>
    </message>
    <message>
        <source>cut: %1</source>
        <translation>裁剪后：%1</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>裁剪后</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ImageMap</name>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>另存为 PNG…</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>另存为 SVG…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LayerTableModel</name>
    <message>
        <source>%1 weights, %2</source>
        <translation>%1 个权重，%2</translation>
    </message>
    <message>
        <source>%1 → %2, %3 of the original file</source>
        <translation>%1 → %2，占原文件的 %3</translation>
    </message>
    <message numerus="yes">
        <source>%1 zeros, %n bit(s) a weight</source>
        <translation>
            <numerusform>%1 个零值，每个权重 %n 位</numerusform>
        </translation>
    </message>
    <message>
        <source>signal-to-noise of the weights: %1 dB</source>
        <translation>权重信噪比：%1 dB</translation>
    </message>
    <message>
        <source>Layers in the order of execution; whatever is selected is what the sliders cut</source>
        <translation>按执行顺序排列的层；滑块裁剪的就是所选的层</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Number of weights</source>
        <translation>权重个数</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Bytes before (slate) and after the cut (jade), against the largest layer</source>
        <translation>裁剪前（石板灰）与裁剪后（翠绿）的字节数，以最大的层为参照</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Share of the weights that are exactly zero</source>
        <translation>恰为零的权重比例</translation>
    </message>
    <message>
        <source>Zeros</source>
        <translation>零值</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位数</translation>
    </message>
    <message>
        <source>Change of the layer&apos;s bytes in the file</source>
        <translation>该层在文件中字节数的变化</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>reads 8-bit activations, static range</source>
        <translation>读取 8 位激活值，静态范围</translation>
    </message>
    <message>
        <source>reads 8-bit activations, range of each sample</source>
        <translation>读取 8 位激活值，范围随样本而定</translation>
    </message>
    <message>
        <source>Bits a weight, as stored; behind the stroke those of the activations that the layer reads</source>
        <translation>每个权重存储的位数；斜线后为该层所读激活值的位数</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LayersPanel</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Filter by name or operator</source>
        <translation>按名称或算子筛选</translation>
    </message>
    <message>
        <source>%1 · %2 parameters</source>
        <translation>%1 · %2 个参数</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LivePanel</name>
    <message>
        <source>Trade-off</source>
        <translation>权衡</translation>
    </message>
    <message>
        <source>Size against quality of every recipe visited</source>
        <translation>每个尝试过的配方的大小与质量</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Quality with its interval and size against the steps taken</source>
        <translation>质量（含区间）与大小随步骤的变化</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Bytes in every form of file, and per layer before and after</source>
        <translation>各种文件形式的字节数，以及每层裁剪前后的字节数</translation>
    </message>
    <message>
        <source>Every recipe that you try becomes a point here, once it is measured.</source>
        <translation>您尝试的每个配方在测量后都会成为这里的一个点。</translation>
    </message>
    <message numerus="yes">
        <source>%n recipe(s) measured</source>
        <translation>
            <numerusform>已测量 %n 个配方</numerusform>
        </translation>
    </message>
    <message>
        <source>Pareto front of %1</source>
        <translation>帕累托前沿 %1 个</translation>
    </message>
    <message>
        <source>click a point to go back</source>
        <translation>单击某点可回到该配方</translation>
    </message>
    <message>
        <source>A step is a recipe that was measured; the band is the 95 % interval.</source>
        <translation>每一步是一个已测量的配方；色带为 95 % 区间。</translation>
    </message>
    <message>
        <source>Before the cut in slate, after it in jade.</source>
        <translation>石板灰为裁剪前，翠绿为裁剪后。</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Time per layer before and after</source>
        <translation>裁剪前后各层的耗时</translation>
    </message>
    <message>
        <source>Upright axis of the trade-off chart</source>
        <translation>权衡图的纵轴</translation>
    </message>
    <message>
        <source>against size</source>
        <translation>与大小的关系</translation>
    </message>
    <message>
        <source>none has this figure: it needs data with labels and a model that gives maps</source>
        <translation>都没有这项数值：它需要带标签的数据和能给出显著图的模型</translation>
    </message>
    <message numerus="yes">
        <source>%n to come, once all is quiet</source>
        <translation>
            <numerusform>还有 %n 个，空闲时计算</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LowRankSection</name>
    <message>
        <source>Low rank</source>
        <translation>低秩</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>秩</translation>
    </message>
    <message>
        <source>Singular values that are kept: the width between the two layers.</source>
        <translation>保留的奇异值个数：两层之间的宽度。</translation>
    </message>
    <message>
        <source>Energy kept</source>
        <translation>保留能量</translation>
    </message>
    <message>
        <source>Per cent of the sum of squared singular values that is kept.</source>
        <translation>保留的奇异值平方和的百分比。</translation>
    </message>
    <message>
        <source>Choose the low rank</source>
        <translation>选择低秩</translation>
    </message>
    <message>
        <source>Set the rank</source>
        <translation>设置秩</translation>
    </message>
    <message>
        <source>Set the energy</source>
        <translation>设置能量</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::MainWindow</name>
    <message>
        <source>The model cannot follow some edits of this session; they were left out:</source>
        <translation>模型无法执行此会话中的部分编辑，这些编辑已被略去：</translation>
    </message>
    <message>
        <source>The session is measured on other data than it was saved with: its recipe is here, the recipes visited before are left out. Saving it under another name keeps the file.</source>
        <translation>此会话现在使用与保存时不同的数据进行测量：配方已恢复，之前访问过的配方已被略去。以其他名称保存可保留原文件。</translation>
    </message>
    <message>
        <source>The model cannot follow some edits of the pasted recipe; they were left out:</source>
        <translation>模型无法执行所粘贴配方中的部分编辑，这些编辑已被略去：</translation>
    </message>
    <message>
        <source>Lapidary</source>
        <translation>Lapidary</translation>
    </message>
    <message>
        <source>Open a model first, then drop its data.</source>
        <translation>请先打开模型，再拖入数据。</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>打开会话</translation>
    </message>
    <message>
        <source>Sessions (*%1)</source>
        <translation>会话 (*%1)</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Paste recipe</source>
        <translation>粘贴配方</translation>
    </message>
    <message>
        <source>The recipe has changed since it was saved. Save the session first?</source>
        <translation>配方在上次保存后已更改。要先保存会话吗？</translation>
    </message>
    <message>
        <source>What you do is not kept automatically: %1</source>
        <translation>当前操作未能自动保存：%1</translation>
    </message>
    <message>
        <source>A session that was kept automatically is damaged and was set aside: %1</source>
        <translation>一个自动保存的会话已损坏，已移到一旁：%1</translation>
    </message>
    <message>
        <source>Lapidary ended unexpectedly. Your work on %1 was kept, as of %2.</source>
        <translation>Lapidary 上次意外退出。您对 %1 所做的修改已自动保存，时间为 %2。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>%1 — File, Audit a file… looks into it without opening it.</source>
        <translation>%1 — “文件 › 审查文件…”可在不打开它的情况下查看其内容。</translation>
    </message>
    <message>
        <source>Models (%1);;Sessions (*%2);;All files (*)</source>
        <translation>模型 (%1);;会话 (*%2);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Something failed inside the program: %1. Your work is still here and is kept; if it fails again, take the last step back (%2).</source>
        <translation>程序内部出错：%1。您的工作仍在，并已自动保留；如果再次出错，请撤销上一步（%2）。</translation>
    </message>
    <message>
        <source>Edit, Undo</source>
        <translation>编辑 › 撤销</translation>
    </message>
    <message>
        <source>%1[*] — Lapidary</source>
        <translation>%1[*] — Lapidary</translation>
    </message>
    <message>
        <source>End it</source>
        <translation>结束它</translation>
    </message>
    <message>
        <source>Opened are one model and its data; not opened: %1</source>
        <translation>已打开一个模型及其数据；未打开：%1</translation>
    </message>
    <message>
        <source>This is at work, or has found what nobody has taken yet; it would be lost:</source>
        <translation>以下工作正在进行，或其结果尚未采用，将会丢失：</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>The data of this session, %1, are not there any more: it is opened without them. File, Open data… chooses others.</source>
        <translation>此会话的数据 %1 已不在原处：已在没有数据的情况下打开。可用“文件 → 打开数据…”选择其他数据。</translation>
    </message>
    <message>
        <source>The model of this session is not there any more: %1</source>
        <translation>此会话的模型已不在原处：%1</translation>
    </message>
    <message>
        <source>Where the model is now</source>
        <translation>模型现在的位置</translation>
    </message>
    <message>
        <source>Models (%1);;All files (*)</source>
        <translation>模型 (%1);;所有文件 (*)</translation>
    </message>
    <message>
        <source>The data of this session are not there any more: %1</source>
        <translation>此会话的数据已不在原处：%1</translation>
    </message>
    <message>
        <source>Open without data</source>
        <translation>不带数据打开</translation>
    </message>
    <message>
        <source>Where the data are now</source>
        <translation>数据现在的位置</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::MethodPicker</name>
    <message>
        <source>mixed</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>The selected layers differ.</source>
        <translation>所选各层不同。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::OpcodeModel</name>
    <message>
        <source>Byte</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Opcode</source>
        <translation>操作码</translation>
    </message>
    <message>
        <source>Argument</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>What it would do</source>
        <translation>将会做什么</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::OpenDataDialog</name>
    <message>
        <source>Open data</source>
        <translation>打开数据</translation>
    </message>
    <message>
        <source>Samples to measure the cut on. They are read where they are and stay on this machine.</source>
        <translation>用于衡量裁剪效果的样本。文件在原处读取，不会离开本机。</translation>
    </message>
    <message>
        <source>Arrays or a list</source>
        <translation>数组或列表</translation>
    </message>
    <message>
        <source>npz with x and, for labels, y; or a CSV of file,label</source>
        <translation>含 x 以及（作为标签的）y 的 npz；或每行为文件名和标签、以逗号分隔的 CSV</translation>
    </message>
    <message>
        <source>Data (%1);;All files (*)</source>
        <translation>数据 (%1);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Folder of pictures or sounds</source>
        <translation>图片或声音文件夹</translation>
    </message>
    <message>
        <source>PNG, JPEG, WAV, FLAC or Ogg; one folder for each class, or none for data without labels</source>
        <translation>PNG、JPEG、WAV、FLAC 或 Ogg；每个类别一个子文件夹，没有标签则不分子文件夹</translation>
    </message>
    <message>
        <source>Open a folder of pictures or sounds</source>
        <translation>打开图片或声音文件夹</translation>
    </message>
    <message>
        <source>IDX pair</source>
        <translation>IDX 文件对</translation>
    </message>
    <message>
        <source>pictures and labels as MNIST has them, gz too</source>
        <translation>与 MNIST 相同的图片与标签文件，支持 gz</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>IDX file of the pictures</source>
        <translation>图片的 IDX 文件</translation>
    </message>
    <message>
        <source>IDX file of the labels</source>
        <translation>标签的 IDX 文件</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::OutputErrorLabel</name>
    <message>
        <source>Squared error of the layer&apos;s output over its square, on the calibration samples.
The plain method prunes by magnitude and rounds to nearest.</source>
        <translation>在校准样本上，该层输出误差平方与输出平方之比。
普通方法：按绝对值剪枝并取最近编码。</translation>
    </message>
    <message>
        <source>Output error %1</source>
        <translation>输出误差 %1</translation>
    </message>
    <message>
        <source>Output error %1 · the plain method gives %2</source>
        <translation>输出误差 %1 · 普通方法为 %2</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PairBars</name>
    <message>
        <source>Copy data</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>保存图片…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PlannerControls</name>
    <message>
        <source>Stages</source>
        <translation>阶段数</translation>
    </message>
    <message>
        <source>Stages of a pipeline, each on a thread of its own</source>
        <translation>流水线的阶段数，每个阶段使用独立的线程</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作线程</translation>
    </message>
    <message>
        <source>Threads that share the samples out among themselves</source>
        <translation>分担样本的线程数</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>分块</translation>
    </message>
    <message>
        <source>Parts of a large layer&apos;s output channels that are computed at the same time</source>
        <translation>大型层的输出通道分成几块同时计算</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Samples that run at once; a model that insists on a number takes its own</source>
        <translation>一次运行的样本数；批大小固定的模型使用其自身的数值</translation>
    </message>
    <message>
        <source>Progress of the measurement</source>
        <translation>测量进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Stops measuring and leaves what was there (Esc)</source>
        <translation>停止测量并保留已有结果（Esc）</translation>
    </message>
    <message>
        <source>Measures for a few seconds with all of these threads (Return)</source>
        <translation>用所有这些线程测量几秒钟（回车）</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PlannerView</name>
    <message>
        <source>Throughput, samples per second</source>
        <translation>吞吐量（样本/秒）</translation>
    </message>
    <message>
        <source>outline: predicted · filled: measured, each worker a piece</source>
        <translation>轮廓：预测 · 实心：实测，每段为一个工作线程</translation>
    </message>
    <message>
        <source>Stages of the pipeline</source>
        <translation>流水线的各阶段</translation>
    </message>
    <message>
        <source>drawn in the layer table</source>
        <translation>已标示在层列表中</translation>
    </message>
    <message>
        <source>Large layers in parts</source>
        <translation>大型层的分块计算</translation>
    </message>
    <message>
        <source>time for one batch</source>
        <translation>每批时间</translation>
    </message>
    <message>
        <source>Not planned yet</source>
        <translation>尚未规划</translation>
    </message>
    <message>
        <source>Choose how many stages, workers and parts there are to be, and press Measure: how fast the model runs so, predicted and measured, is shown here, with the memory and time of every stage, and the cut in the layer table. Let other programs rest meanwhile.</source>
        <translation>选择阶段、工作线程和分块的数量，然后点击“测量”：此处将显示模型如此运行的速度（预测与实测）以及每个阶段的内存和时间，切分位置会标示在层列表中。测量期间请让其他程序保持空闲。</translation>
    </message>
    <message>
        <source>The model cannot run</source>
        <translation>模型无法运行</translation>
    </message>
    <message>
        <source>It could not be measured</source>
        <translation>无法测量</translation>
    </message>
    <message>
        <source>With one part nothing is split: choose two or more.</source>
        <translation>只有一块时不会拆分：请选择两块或更多。</translation>
    </message>
    <message>
        <source>No layer of this model is large enough for its parts to be worth a thread.</source>
        <translation>该模型中没有足够大的层值得用线程分块计算。</translation>
    </message>
    <message>
        <source>Measuring with all of these threads; let other programs rest meanwhile</source>
        <translation>正在用所有这些线程测量；请让其他程序保持空闲</translation>
    </message>
    <message>
        <source>The recipe has changed since this was measured: measure again.</source>
        <translation>测量之后配方已更改：请重新测量。</translation>
    </message>
    <message numerus="yes">
        <source>%n processor(s)</source>
        <translation>
            <numerusform>%n 个处理器</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>batches of %n sample(s)</source>
        <translation>
            <numerusform>每批 %n 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>on noise, as there are no data</source>
        <translation>使用噪声输入，因为没有数据</translation>
    </message>
    <message>
        <source>on the first samples of the data</source>
        <translation>使用数据的前几个样本</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PreprocessDialog</name>
    <message>
        <source>Preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>Open data first: there is no sample to show.</source>
        <translation>请先打开数据：没有可显示的样本。</translation>
    </message>
    <message>
        <source>What the network sees</source>
        <translation>网络看到的内容</translation>
    </message>
    <message>
        <source>sample </source>
        <translation>样本 </translation>
    </message>
    <message>
        <source>Sample that is shown</source>
        <translation>所显示的样本</translation>
    </message>
    <message>
        <source>The data&apos;s picture</source>
        <translation>数据中的图片</translation>
    </message>
    <message>
        <source>The input, least value black, largest white</source>
        <translation>输入，最小值为黑，最大值为白</translation>
    </message>
    <message>
        <source>Picture to input</source>
        <translation>从图片到输入</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Guessed from the model&apos;s input and the data: please check it.</source>
        <translation>根据模型输入和数据猜测：请检查。</translation>
    </message>
    <message>
        <source>Read from the file beside the model.</source>
        <translation>读取自模型旁的文件。</translation>
    </message>
    <message>
        <source>Found by trying common forms on labelled samples.</source>
        <translation>通过在有标签的样本上尝试常见形式得出。</translation>
    </message>
    <message>
        <source>Read from the file beside the model, which leaves these open. Guessed: %1. Please check them.</source>
        <translation>读自模型旁的文件；其中未给出的项为猜测：%1。请核对。</translation>
    </message>
    <message>
        <source>Given by you.</source>
        <translation>由您指定。</translation>
    </message>
    <message>
        <source>The data holds arrays, not pictures.</source>
        <translation>数据是数组而非图片。</translation>
    </message>
    <message>
        <source>The input is no picture.</source>
        <translation>输入不是图片。</translation>
    </message>
    <message>
        <source>channel %1: %2 to %3, mean %4</source>
        <translation>通道 %1：%2 到 %3，均值 %4</translation>
    </message>
    <message>
        <source>Nothing: see the fields.</source>
        <translation>无：请检查各字段。</translation>
    </message>
    <message>
        <source>Save preprocessing</source>
        <translation>保存预处理</translation>
    </message>
    <message>
        <source>Preprocessing (*.preprocess.json)</source>
        <translation>预处理 (*.preprocess.json)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>Sound to input</source>
        <translation>声音到输入</translation>
    </message>
    <message>
        <source>The data&apos;s sound</source>
        <translation>数据中的声音</translation>
    </message>
    <message>
        <source>%1 s of sound</source>
        <translation>声音长 %1 秒</translation>
    </message>
    <message>
        <source>, taken as %1 s</source>
        <translation>，按 %1 秒输入</translation>
    </message>
    <message>
        <source>%1 bands; windows of %2 ms, %3 ms apart</source>
        <translation>%1 个频带；窗长 %2 毫秒，帧移 %3 毫秒</translation>
    </message>
    <message>
        <source>The input: time by frequency</source>
        <translation>输入：时间 × 频率</translation>
    </message>
    <message>
        <source>The input: samples</source>
        <translation>输入：采样值</translation>
    </message>
    <message>
        <source>Scores of the classes</source>
        <translation>类别得分</translation>
    </message>
    <message>
        <source>The output that answers are read from: the one with a score for every class.</source>
        <translation>从哪个输出读取答案：即对每个类别给出得分的输出。</translation>
    </message>
    <message>
        <source>chosen for the data</source>
        <translation>按数据自动选择</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PreprocessForm</name>
    <message>
        <source>NCHW: channels first</source>
        <translation>NCHW：通道在前</translation>
    </message>
    <message>
        <source>NHWC: channels last</source>
        <translation>NHWC：通道在后</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>BGR</source>
        <translation>BGR</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Pixels 0 to 255 are multiplied by this; 1/255 gives 0 to 1. Fractions may be typed.</source>
        <translation>0 到 255 的像素乘以此值；1/255 得到 0 到 1。可输入分数。</translation>
    </message>
    <message>
        <source>Taken off after scaling: one value, or one per channel in the order above</source>
        <translation>缩放后减去：一个值，或按上述顺序每通道一个值</translation>
    </message>
    <message>
        <source>What is left is divided by this: one value, or one per channel</source>
        <translation>再除以此值：一个值，或每通道一个值</translation>
    </message>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>Resize, short side</source>
        <translation>缩放，短边</translation>
    </message>
    <message>
        <source>Length of the short side; the aspect is kept</source>
        <translation>短边的长度；保持宽高比</translation>
    </message>
    <message>
        <source>Crop, centre square</source>
        <translation>裁切，中央正方形</translation>
    </message>
    <message>
        <source>Side of the square cut from the middle</source>
        <translation>从中央裁切的正方形边长</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放系数</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Scale: “%1” is no number</source>
        <translation>缩放系数：“%1”不是数字</translation>
    </message>
    <message>
        <source>Mean: “%1” is no list of numbers</source>
        <translation>均值：“%1”不是数字列表</translation>
    </message>
    <message>
        <source>Standard deviation: “%1” is no list of numbers</source>
        <translation>标准差：“%1”不是数字列表</translation>
    </message>
    <message>
        <source>Standard deviation: 0 cannot be divided by</source>
        <translation>标准差：不能除以 0</translation>
    </message>
    <message>
        <source>Samples or features are multiplied by this. Fractions may be typed.</source>
        <translation>采样值或特征乘以此值。可以输入分数。</translation>
    </message>
    <message>
        <source>Bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>Bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>Lanczos</source>
        <translation>Lanczos</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>最近邻</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>盒式</translation>
    </message>
    <message>
        <source>Hamming</source>
        <translation>Hamming</translation>
    </message>
    <message>
        <source>Stretch to</source>
        <translation>拉伸至</translation>
    </message>
    <message>
        <source>Height and width; the aspect is not kept</source>
        <translation>高度和宽度；不保持长宽比</translation>
    </message>
    <message>
        <source>Resampling</source>
        <translation>重采样</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RobustnessChart</name>
    <message>
        <source>Strength %1
Original %2</source>
        <translation>强度 %1
原模型 %2</translation>
    </message>
    <message>
        <source>Cut %1</source>
        <translation>裁剪后 %1</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>裁剪后</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RobustnessView</name>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Accuracy against the strength of an attack, original and cut</source>
        <translation>准确率随攻击强度的变化，原模型与裁剪后对照</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>Fits a detector of attacked inputs to clean samples and judges it on others</source>
        <translation>用干净样本拟合一个识别受攻击输入的检测器，并在其余样本上检验</translation>
    </message>
    <message>
        <source>PGD</source>
        <translation>PGD</translation>
    </message>
    <message>
        <source>FGSM</source>
        <translation>FGSM</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Ten small steps along the sign of the gradient from a random start (Madry et al. 2018)</source>
        <translation>从随机起点出发，沿梯度符号走十小步（Madry 等，2018）</translation>
    </message>
    <message>
        <source>One step along the sign of the gradient (Goodfellow et al. 2015)</source>
        <translation>沿梯度符号走一步（Goodfellow 等，2015）</translation>
    </message>
    <message>
        <source>Uniform noise of the same strength, for comparison</source>
        <translation>同等强度的均匀噪声，用作对照</translation>
    </message>
    <message>
        <source>Attack</source>
        <translation>攻击方式</translation>
    </message>
    <message>
        <source> samples</source>
        <translation> 个样本</translation>
    </message>
    <message>
        <source>Samples to attack</source>
        <translation>受攻击的样本数</translation>
    </message>
    <message>
        <source>The first of the stratified order; the detector takes at least 400</source>
        <translation>按分层顺序取最前面的样本；检测器至少用 400 个</translation>
    </message>
    <message>
        <source>Progress of the attacks</source>
        <translation>攻击进度</translation>
    </message>
    <message>
        <source>It could not be measured</source>
        <translation>无法测量</translation>
    </message>
    <message>
        <source>No detector yet</source>
        <translation>还没有检测器</translation>
    </message>
    <message>
        <source>Press Measure to fit a detector to clean samples and to see how many attacked ones it catches: by how far an answer moves when detail is taken away, and by how far the features lie from those of clean samples.</source>
        <translation>按“测量”用干净样本拟合一个检测器，看它能识别多少受攻击的输入：一看去掉细节后答案变动多大，二看特征离干净样本有多远。</translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>Press Measure to see how the accuracy of the original and of the cut falls when inputs are moved a little against them, and how little noise of the same strength does.</source>
        <translation>按“测量”查看：当输入被针对性地稍作改动时，原模型与裁剪后的模型的准确率如何下降；而同等强度的噪声影响又有多小。</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>Attacking the first samples…</source>
        <translation>正在攻击第一批样本…</translation>
    </message>
    <message>
        <source>%1 samples</source>
        <translation>%1 个样本</translation>
    </message>
    <message>
        <source>strength in levels of 0 to 255</source>
        <translation>强度以 0 到 255 的像素级计</translation>
    </message>
    <message>
        <source>strength in units of the model's input</source>
        <translation>强度以模型输入的单位计</translation>
    </message>
    <message>
        <source>bands are 95 % intervals</source>
        <translation>色带为 95 % 区间</translation>
    </message>
    <message>
        <source>without labels: agreement with the original's clean answer</source>
        <translation>无标签：与原模型对干净输入的答案是否一致</translation>
    </message>
    <message>
        <source>of an earlier cut: measure again</source>
        <translation>这是先前的裁剪：请重新测量</translation>
    </message>
    <message>
        <source>Strength %1: area %2 (%3–%4), %5 caught at %6 false alarms on %7 clean samples</source>
        <translation>强度 %1：曲线下面积 %2（%3–%4），识别出 %5，在 %7 个干净样本上误报 %6</translation>
    </message>
    <message>
        <source>Open data first</source>
        <translation>请先打开数据</translation>
    </message>
    <message>
        <source>Attacks move samples of your own data: open some with File, Open data.</source>
        <translation>攻击改动的是您自己的数据样本：请用“文件 › 打开数据…”打开数据。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Stops and leaves what was measured (Esc)</source>
        <translation>停止，保留已测得的结果（Esc）</translation>
    </message>
    <message>
        <source>Attacks the original and the cut on the same samples, in the background</source>
        <translation>在后台用相同样本攻击原模型和裁剪后的模型</translation>
    </message>
    <message>
        <source>Attacked inputs caught (%) against false alarms (%): squeezing dotted, distance dash-dotted, both solid</source>
        <translation>识别出的受攻击输入（%）对误报率（%）：特征压缩为点线，特征距离为点划线，两者合用为实线</translation>
    </message>
    <message>
        <source>Accuracy (%) against strength: original in grey, cut in green</source>
        <translation>准确率（%）随强度变化：灰色为原模型，绿色为裁剪后</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RocChart</name>
    <message>
        <source>At %1 false alarms: squeezing %2, distance %3, both %4</source>
        <translation>误报率 %1 时：特征压缩 %2，特征距离 %3，两者合用 %4</translation>
    </message>
    <message>
        <source>False alarms</source>
        <translation>误报率</translation>
    </message>
    <message>
        <source>Squeezing</source>
        <translation>特征压缩</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>特征距离</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>两者合用</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SoundForm</name>
    <message>
        <source>Rate</source>
        <translation>采样率</translation>
    </message>
    <message>
        <source> Hz</source>
        <translation> Hz</translation>
    </message>
    <message>
        <source>Samples a second; sounds of another rate are resampled</source>
        <translation>每秒采样数；其他采样率的声音会被重采样</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source> samples</source>
        <translation> 个采样</translation>
    </message>
    <message>
        <source>In samples at that rate: longer sounds are cut, shorter ones end in silence</source>
        <translation>以该采样率下的采样数计：较长的声音被截断，较短的以静音补齐</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>What the network takes: the samples themselves, or the logarithm of their power in mel-scaled bands</source>
        <translation>网络的输入：采样值本身，或其在梅尔频带中功率的对数</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>采样值</translation>
    </message>
    <message>
        <source>Log-mel bands</source>
        <translation>对数梅尔频带</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗长</translation>
    </message>
    <message>
        <source>Samples that one frame is computed from</source>
        <translation>计算一帧所用的采样数</translation>
    </message>
    <message>
        <source>Hop</source>
        <translation>帧移</translation>
    </message>
    <message>
        <source>Samples from the start of one frame to that of the next</source>
        <translation>相邻两帧起点之间的采样数</translation>
    </message>
    <message>
        <source>Mel bands</source>
        <translation>梅尔频带</translation>
    </message>
    <message>
        <source>How many bands the frequencies are gathered into</source>
        <translation>频率被归入多少个频带</translation>
    </message>
    <message>
        <source>Lowest frequency</source>
        <translation>最低频率</translation>
    </message>
    <message>
        <source>Where the lowest band begins, in Hz</source>
        <translation>最低频带的起点，单位 Hz</translation>
    </message>
    <message>
        <source>Highest frequency</source>
        <translation>最高频率</translation>
    </message>
    <message>
        <source>Where the highest band ends, in Hz: at most half the rate</source>
        <translation>最高频带的终点，单位 Hz：最多为采样率的一半</translation>
    </message>
    <message>
        <source>Mel scale</source>
        <translation>梅尔刻度</translation>
    </message>
    <message>
        <source>HTK: bands of height 1. Slaney: linear below 1000 Hz, bands of area 1</source>
        <translation>HTK：频带高度为 1。Slaney：1000 Hz 以下为线性，频带面积为 1</translation>
    </message>
    <message>
        <source>HTK</source>
        <translation>HTK</translation>
    </message>
    <message>
        <source>Slaney</source>
        <translation>Slaney</translation>
    </message>
    <message>
        <source>Logarithm</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Of each band&apos;s power: natural, to base 10, or ten times that</source>
        <translation>各频带功率的对数：自然对数、以 10 为底，或其十倍</translation>
    </message>
    <message>
        <source>ln</source>
        <translation>ln</translation>
    </message>
    <message>
        <source>log10</source>
        <translation>log10</translation>
    </message>
    <message>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message>
        <source>Automatic: follows from the model&apos;s input and the first sound</source>
        <translation>自动：由模型的输入和第一个声音决定</translation>
    </message>
    <message>
        <source>Is added to each power before its logarithm, so that silence has one: above 0, such as 1e-6</source>
        <translation>取对数前加到每个功率上，使静音也有对数：大于 0，例如 1e-6</translation>
    </message>
    <message>
        <source>Floor</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>Centred</source>
        <translation>居中</translation>
    </message>
    <message>
        <source>Half a window of zeros before and after the sound, so that a frame is centred on its time</source>
        <translation>在声音前后各补半个窗长的零，使每一帧以其时刻为中心</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>Floor: “%1” is no number above 0</source>
        <translation>下限：“%1”不是大于 0 的数</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ProfileChart</name>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measuring every step, original and cut in turn</source>
        <translation>正在轮流测量原模型与裁剪后模型的每一步</translation>
    </message>
    <message>
        <source>Progress of the measurement</source>
        <translation>测量进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Time of each step: original (slate) and cut (jade)</source>
        <translation>每一步的耗时：原模型（石板灰）与裁剪后（翠绿）</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>How long every layer takes on this machine, before and after the cut, is shown here. Measuring takes a second or two; let other programs rest meanwhile.</source>
        <translation>此处显示每一层在本机上裁剪前后的耗时。测量只需一两秒，其间请让其他程序空闲。</translation>
    </message>
    <message>
        <source>The model cannot run</source>
        <translation>模型无法运行</translation>
    </message>
    <message>
        <source>It could not be measured</source>
        <translation>无法测量</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Operators</source>
        <translation>算子</translation>
    </message>
    <message>
        <source>Original, s</source>
        <translation>原模型（秒）</translation>
    </message>
    <message>
        <source>Cut, s</source>
        <translation>裁剪后（秒）</translation>
    </message>
    <message>
        <source>FLOP</source>
        <translation>浮点运算</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Share of peak</source>
        <translation>占峰值比例</translation>
    </message>
    <message>
        <source>original %1, cut %2, %3 of the whole</source>
        <translation>原模型 %1，裁剪后 %2，占总耗时 %3</translation>
    </message>
    <message>
        <source>%1 MFLOP, %2 read and written</source>
        <translation>%1 MFLOP，读写 %2</translation>
    </message>
    <message>
        <source>%1 of this machine&apos;s peak</source>
        <translation>本机峰值的 %1</translation>
    </message>
    <message>
        <source>The recipe has changed since this was measured: measure again.</source>
        <translation>测量之后配方已改变：请重新测量。</translation>
    </message>
    <message numerus="yes">
        <source>%1 for %n sample(s), one thread</source>
        <translation>
            <numerusform>%n 个样本 %1，单线程</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of the peak of %2 GFLOP/s (sgemm)</source>
        <translation>达到 sgemm 峰值 %2 GFLOP/s 的 %1</translation>
    </message>
    <message numerus="yes">
        <source>median of %n run(s)</source>
        <translation>
            <numerusform>%n 次运行的中位数</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PruneSection</name>
    <message>
        <source>Nothing was changed:</source>
        <translation>未作任何更改：</translation>
    </message>
    <message>
        <source>These layers stay as they were:</source>
        <translation>以下层保持原样：</translation>
    </message>
    <message>
        <source>Sparsity</source>
        <translation>稀疏度</translation>
    </message>
    <message>
        <source>Threshold |w|</source>
        <translation>阈值 |w|</translation>
    </message>
    <message>
        <source>In units of the weights: every weight of smaller magnitude is set to zero.</source>
        <translation>以权重为单位：绝对值更小的权重全部置零。</translation>
    </message>
    <message>
        <source>Prune</source>
        <translation>剪枝</translation>
    </message>
    <message>
        <source>sorting the weights…</source>
        <translation>正在排序权重…</translation>
    </message>
    <message>
        <source>L1 kept: %1 of %2</source>
        <translation>L1 保留：%2 中的 %1</translation>
    </message>
    <message>
        <source>%1 of %2 weights are zero</source>
        <translation>%2 个权重中 %1 个为零</translation>
    </message>
    <message>
        <source>Choose how to prune</source>
        <translation>选择剪枝方式</translation>
    </message>
    <message>
        <source>Set the sparsity</source>
        <translation>设置稀疏度</translation>
    </message>
    <message>
        <source>Set the threshold</source>
        <translation>设置阈值</translation>
    </message>
    <message>
        <source>What to prune</source>
        <translation>剪枝对象</translation>
    </message>
    <message>
        <source>Score by</source>
        <translation>评分依据</translation>
    </message>
    <message>
        <source>Per cent of the weights, blocks, channels or heads that go, those of least score first.</source>
        <translation>被剪去的权重、块、通道或注意力头的百分比，得分最低者先剪。</translation>
    </message>
    <message>
        <source>Kept (N)</source>
        <translation>保留（N）</translation>
    </message>
    <message>
        <source>How many of every M neighbours along the inputs stay.</source>
        <translation>沿输入方向每 M 个相邻权重保留几个。</translation>
    </message>
    <message>
        <source>Of every (M)</source>
        <translation>每组（M）</translation>
    </message>
    <message>
        <source>How many neighbours along the inputs make a group.</source>
        <translation>沿输入方向几个相邻权重为一组。</translation>
    </message>
    <message>
        <source>Outputs by inputs that are kept or zeroed together.</source>
        <translation>一起保留或置零的输出 × 输入。</translation>
    </message>
    <message>
        <source>Choose the score</source>
        <translation>选择评分依据</translation>
    </message>
    <message>
        <source>Choose the block</source>
        <translation>选择块形状</translation>
    </message>
    <message>
        <source>Set the pattern</source>
        <translation>设置稀疏模式</translation>
    </message>
    <message>
        <source>Share removed</source>
        <translation>移除比例</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::QuantizeSection</name>
    <message>
        <source>Bits</source>
        <translation>位数</translation>
    </message>
    <message>
        <source>Bits that each weight is stored in, 1 to 16; fewer bits are smaller and coarser.</source>
        <translation>存储每个权重的位数，1 到 16；位数越少越小，也越粗糙。</translation>
    </message>
    <message>
        <source>Dropped planes</source>
        <translation>舍去的位平面</translation>
    </message>
    <message>
        <source>How many of the lowest bit planes are set to zero.</source>
        <translation>有多少个最低位平面被置零。</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>One scale for the whole layer.</source>
        <translation>整层使用一个缩放系数。</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>One scale for each output channel: finer, a few bytes more.</source>
        <translation>每个输出通道一个缩放系数：更精细，多占少量字节。</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Scale per</source>
        <translation>缩放粒度</translation>
    </message>
    <message>
        <source>Choose how to quantize</source>
        <translation>选择量化方式</translation>
    </message>
    <message>
        <source>Choose the granularity</source>
        <translation>选择粒度</translation>
    </message>
    <message>
        <source>Set the bits</source>
        <translation>设置位数</translation>
    </message>
    <message>
        <source>Drop bit planes</source>
        <translation>舍去位平面</translation>
    </message>
    <message>
        <source>How to quantize</source>
        <translation>量化方法</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>One scale for every few neighbouring inputs of a channel: for 4 bits and fewer.</source>
        <translation>通道内每若干个相邻输入一个缩放系数：适合 4 位及以下。</translation>
    </message>
    <message>
        <source>Weights that share one scale.</source>
        <translation>共用一个缩放系数的权重数。</translation>
    </message>
    <message>
        <source>Range of the weights</source>
        <translation>权重范围</translation>
    </message>
    <message>
        <source>Rounding</source>
        <translation>舍入</translation>
    </message>
    <message>
        <source>The bias makes up for the mean error of the layer&apos;s output, measured on your samples.
Nagel et al. 2019, arXiv:1906.04721</source>
        <translation>偏置补偿在您的样本上测得的层输出平均误差。
Nagel et al. 2019, arXiv:1906.04721</translation>
    </message>
    <message>
        <source>Weights of inputs that carry much are scaled up before they round, and back after.
AWQ; Lin et al. 2023, arXiv:2306.00978</source>
        <translation>重要输入的权重在舍入前放大、舍入后还原。
AWQ; Lin et al. 2023, arXiv:2306.00978</translation>
    </message>
    <message>
        <source>Of the whole model: ranges of channels are evened out between neighbouring layers before they are
quantized; the function stays the same. Helps one scale per tensor most.
Nagel et al. 2019, arXiv:1906.04721</source>
        <translation>针对整个模型：量化前在相邻层之间均衡各通道的范围，
函数保持不变。对每张量一个缩放系数时帮助最大。
Nagel et al. 2019, arXiv:1906.04721</translation>
    </message>
    <message>
        <source>Even out layers</source>
        <translation>均衡各层</translation>
    </message>
    <message>
        <source>Choose the range</source>
        <translation>选择范围</translation>
    </message>
    <message>
        <source>Choose the rounding</source>
        <translation>选择舍入</translation>
    </message>
    <message>
        <source>Correct the bias</source>
        <translation>校正偏置</translation>
    </message>
    <message>
        <source>Scale salient inputs</source>
        <translation>缩放重要输入</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RefusalLabel</name>
    <message>
        <source>the model has no layer of this name</source>
        <translation>模型中没有此名称的层</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RepairCharts</name>
    <message>
        <source>Loss against epochs</source>
        <translation>损失随轮数变化</translation>
    </message>
    <message>
        <source>Accuracy against epochs</source>
        <translation>准确率随轮数变化</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Loss (nats) against epochs</source>
        <translation>损失（nat）随轮数变化</translation>
    </message>
    <message>
        <source>before the first step</source>
        <translation>第一步之前</translation>
    </message>
    <message>
        <source>epoch %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>%1 · loss %2</source>
        <translation>%1 · 损失 %2</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Validation samples (%)</source>
        <translation>验证样本（%）</translation>
    </message>
    <message>
        <source>Validation samples (%) · best: epoch %1</source>
        <translation>验证样本（%）· 最佳：第 %1 轮</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RepairDialog</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Repair the cut</source>
        <translation>修复裁剪</translation>
    </message>
    <message>
        <source>Trains the weights that the cut has left, as the cut makes them: what is pruned stays zero, what is quantized stays on its grid, which learns too. The uncut model is the teacher. Figures go on being compared with it.</source>
        <translation>按裁剪后的样子训练剩下的权重：剪掉的保持为零，量化的留在网格上，网格也一起学习。未裁剪的模型充当教师。各项数字仍与它比较。</translation>
    </message>
    <message>
        <source>Progress of the repair</source>
        <translation>修复进度</translation>
    </message>
    <message>
        <source>Waits after the present step; nothing is lost</source>
        <translation>当前一步结束后等待；不会丢失任何内容</translation>
    </message>
    <message>
        <source>Ends the training and leaves everything as it was</source>
        <translation>结束训练，一切保持原样</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Ends the training and applies the best epoch so far</source>
        <translation>结束训练，并采用目前最佳的一轮</translation>
    </message>
    <message>
        <source>Trains in the background and applies the best epoch as one step</source>
        <translation>在后台训练，并将最佳的一轮作为一步应用</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Timing a few steps…</source>
        <translation>正在为几步训练计时…</translation>
    </message>
    <message>
        <source>Asking the uncut model, and measuring the cut…</source>
        <translation>正在询问未裁剪的模型，并测量裁剪结果…</translation>
    </message>
    <message>
        <source>Stopping: the best epoch so far is kept…</source>
        <translation>正在停止：保留目前最佳的一轮…</translation>
    </message>
    <message>
        <source>Discarded: nothing was changed.</source>
        <translation>已放弃：未作任何更改。</translation>
    </message>
    <message>
        <source>Paused after epoch %1</source>
        <translation>已在第 %1 轮之后暂停</translation>
    </message>
    <message>
        <source> · about %1 left</source>
        <translation> · 还需约 %1</translation>
    </message>
    <message>
        <source>Epoch %1 of %2</source>
        <translation>第 %1 轮，共 %2 轮</translation>
    </message>
    <message>
        <source>%1 of the validation samples so far, %2 before</source>
        <translation>验证样本：目前最佳 %1，修复前 %2</translation>
    </message>
    <message>
        <source>No epoch was better than the cut itself, which answers %1 of the validation samples right: nothing was changed. Try more epochs or another learning rate.</source>
        <translation>没有一轮优于裁剪本身（验证样本答对 %1）：未作任何更改。请尝试更多轮次或其他学习率。</translation>
    </message>
    <message>
        <source>%1 → %2 of the validation samples, best of epoch %3. Applied as one step: undo takes weights and recipe back.</source>
        <translation>验证样本 %1 → %2，第 %3 轮最佳。已作为一步应用：撤销可同时恢复权重和配方。</translation>
    </message>
    <message numerus="yes">
        <source>About %1 for %n epoch(s) on this machine, %2 each</source>
        <translation>
            <numerusform>在这台机器上 %n 轮约需 %1，每轮 %2</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 → %2 of the validation samples, best of epoch %3.</source>
        <translation>验证样本 %1 → %2，第 %3 轮最佳。</translation>
    </message>
    <message>
        <source>A training goes on; the line at the bottom of the window shows it</source>
        <translation>训练会继续进行，窗口底部的状态栏会显示进度</translation>
    </message>
    <message>
        <source>Applied as one step: undo takes weights and recipe back.</source>
        <translation>已作为一步应用：撤销会恢复权重与配方。</translation>
    </message>
    <message>
        <source>Apply takes it as one step.</source>
        <translation>点击“应用”即作为一步采用。</translation>
    </message>
    <message>
        <source>Ends the training and offers the best epoch so far</source>
        <translation>结束训练，并提供目前最佳的一轮</translation>
    </message>
    <message>
        <source>Ends the training, or forgets what it found, and leaves everything as it was</source>
        <translation>结束训练或放弃其结果，一切保持原样</translation>
    </message>
    <message>
        <source>Takes the repaired weights as one step; undo takes them back</source>
        <translation>将修复后的权重作为一步采用；可以撤销</translation>
    </message>
    <message>
        <source>The cut has changed since: Apply goes back to the one that was repaired.</source>
        <translation>裁剪此后有改动：“应用”会回到被修复的那一个。</translation>
    </message>
    <message>
        <source>Trains in the background and offers the best epoch</source>
        <translation>在后台训练，并提供最佳的一轮</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::RepairForm</name>
    <message>
        <source>the %1 part of the open data (%2 samples)</source>
        <translation>当前打开的数据的%1部分（%2 个样本）</translation>
    </message>
    <message>
        <source>Of a file in parts the training part teaches.</source>
        <translation>如果文件分为多个部分，则用训练部分学习。</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Passes over the data at most; three without a better one end it sooner</source>
        <translation>最多遍历数据的次数；连续三轮没有改进则提前结束</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Samples that one step learns from</source>
        <translation>每一步学习的样本数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Of the order of the samples: the same seed gives the same weights</source>
        <translation>决定样本顺序：相同的种子得到相同的权重</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>教师</translation>
    </message>
    <message>
        <source>Share of the loss that is distillation: how far the answers are from those of the uncut model. The rest is the cross-entropy of the labels.</source>
        <translation>损失中蒸馏所占的比例：答案与未裁剪模型的差距。其余为标签的交叉熵。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Softens the teacher&apos;s answers, so that its second thoughts teach too; no unit</source>
        <translation>使教师的答案更柔和，让次要判断也能教学；无单位</translation>
    </message>
    <message>
        <source>Data to learn from</source>
        <translation>学习所用的数据</translation>
    </message>
    <message>
        <source>A tenth of it teaches nothing and decides which epoch is best</source>
        <translation>其中十分之一不参与学习，用来判定哪一轮最佳</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Of the first steps; it falls to 0 along half a cosine. No unit.</source>
        <translation>最初几步的学习率；沿半个余弦降到 0。无单位。</translation>
    </message>
    <message>
        <source>Learns from</source>
        <translation>学习数据</translation>
    </message>
    <message>
        <source>the digits that the demo was trained on</source>
        <translation>演示模型训练所用的数字</translation>
    </message>
    <message>
        <source>other data…</source>
        <translation>其他数据…</translation>
    </message>
    <message>
        <source>The figures come from the same samples: after it they flatter. For figures to rely on, let it learn from other data.</source>
        <translation>各项数字来自同一批样本：修复后会偏高。要得到可靠的数字，请让它从其他数据学习。</translation>
    </message>
    <message>
        <source>The figures come from other samples, which teach nothing.</source>
        <translation>各项数字来自其他样本，它们不参与学习。</translation>
    </message>
    <message numerus="yes">
        <source>the open data (%n sample(s))</source>
        <translation>
            <numerusform>当前打开的数据（%n 个样本）</numerusform>
        </translation>
    </message>
    <message>
        <source>Pruning grows</source>
        <translation>逐步剪枝</translation>
    </message>
    <message>
        <source>Share of the epochs over which pruning grows to what the cut asks for; at 0 % it is all there before the first step</source>
        <translation>剪枝在多大比例的轮次内逐步达到裁剪所要求的程度；0 % 表示第一步之前就全部剪掉</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SaliencyKey</name>
    <message>
        <source>change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Saliency kept: %1
rank correlation of the two maps for class %2</source>
        <translation>显著性保留：%1
类别 %2 的两幅图的秩相关</translation>
    </message>
    <message>
        <source>sums to %1 of %2, completeness error %3</source>
        <translation>总和 %1，应为 %2，完备性误差 %3</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SaliencyPanels</name>
    <message>
        <source>Original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>裁剪后</translation>
    </message>
    <message>
        <source>Difference, cut minus original</source>
        <translation>差值，裁剪后减原模型</translation>
    </message>
    <message>
        <source>row %1, column %2: %3 → %4</source>
        <translation>第 %1 行，第 %2 列：%3 → %4</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SaliencyView</name>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Number of the sample</source>
        <translation>样本编号</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>上一个样本</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>下一个样本</translation>
    </message>
    <message>
        <source>Samples, those that the cut changed first</source>
        <translation>样本，受裁剪影响的排在前面</translation>
    </message>
    <message>
        <source>Class that is explained</source>
        <translation>所解释的类别</translation>
    </message>
    <message>
        <source>Opacity of the map over the input</source>
        <translation>热图叠加在输入上的不透明度</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>显著性</translation>
    </message>
    <message>
        <source>Which parts of a sample the answer rests on, before and after the cut, is shown here.</source>
        <translation>这里显示裁剪前后模型的回答依据样本的哪些部分。</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Open a model and data.</source>
        <translation>请打开模型和数据。</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>没有数据</translation>
    </message>
    <message>
        <source>Open data for this model.</source>
        <translation>请为此模型打开数据。</translation>
    </message>
    <message>
        <source>The model cannot run</source>
        <translation>模型无法运行</translation>
    </message>
    <message>
        <source>model&apos;s answer</source>
        <translation>模型的回答</translation>
    </message>
    <message>
        <source>truth</source>
        <translation>真值</translation>
    </message>
    <message>
        <source>class %1</source>
        <translation>类别 %1</translation>
    </message>
    <message>
        <source>Saliency of sample %1</source>
        <translation>样本 %1 的显著性</translation>
    </message>
    <message>
        <source>Saliency of sample %1, truth %2</source>
        <translation>样本 %1 的显著性，真值 %2</translation>
    </message>
    <message>
        <source>kept %1</source>
        <translation>保留 %1</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Map over input</source>
        <translation>热图叠加</translation>
    </message>
    <message>
        <source>How to explain</source>
        <translation>解释方法</translation>
    </message>
    <message>
        <source>Progress of the map</source>
        <translation>显著图的进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancelled. Choose a method or a sample to start again.</source>
        <translation>已取消。选择方法或样本即可重新开始。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SampleListModel</name>
    <message>
        <source>%1 · truth %2</source>
        <translation>%1 · 真值 %2</translation>
    </message>
    <message>
        <source>%1 (%2) → %3 (%4)</source>
        <translation>%1（%2）→ %3（%4）</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SamplesView</name>
    <message>
        <source>The samples could not be compared</source>
        <translation>无法比较样本</translation>
    </message>
    <message>
        <source>Confusion</source>
        <translation>混淆</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>Answers of the model as it was opened</source>
        <translation>打开时的模型的回答</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>裁剪后</translation>
    </message>
    <message>
        <source>Answers of the model as cut</source>
        <translation>裁剪后的模型的回答</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Cut minus original</source>
        <translation>裁剪后减原模型</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>失去</translation>
    </message>
    <message>
        <source>Right before, wrong now</source>
        <translation>原先正确，现在错误</translation>
    </message>
    <message>
        <source>Gained</source>
        <translation>获得</translation>
    </message>
    <message>
        <source>Wrong before, right now</source>
        <translation>原先错误，现在正确</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>改变</translation>
    </message>
    <message>
        <source>Wrong before and now, but differently</source>
        <translation>前后都错，但错法不同</translation>
    </message>
    <message>
        <source>Samples whose answer changed</source>
        <translation>回答改变的样本</translation>
    </message>
    <message>
        <source>The samples that the cut loses and gains, with both answers, and the confusion matrix are shown here.</source>
        <translation>这里显示裁剪失去和获得的样本及前后回答，以及混淆矩阵。</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Open a model and data.</source>
        <translation>请打开模型和数据。</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>没有数据</translation>
    </message>
    <message>
        <source>Open data for this model to compare answers.</source>
        <translation>请为此模型打开数据以比较回答。</translation>
    </message>
    <message>
        <source>The model cannot run</source>
        <translation>模型无法运行</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>They appear when all samples have been seen.</source>
        <translation>所有样本评估完后显示。</translation>
    </message>
    <message>
        <source>Lost %1</source>
        <translation>失去 %1</translation>
    </message>
    <message>
        <source>Gained %1</source>
        <translation>获得 %1</translation>
    </message>
    <message>
        <source>Changed %1</source>
        <translation>改变 %1</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>共 %1</translation>
    </message>
    <message>
        <source>None: the cut changed no answer of this kind. Cut further to see some.</source>
        <translation>无：裁剪没有造成此类改变。继续裁剪即可看到。</translation>
    </message>
    <message>
        <source>None of this kind in the chosen cell.</source>
        <translation>所选单元格中没有此类样本。</translation>
    </message>
    <message>
        <source>Samples: %1 answered %2</source>
        <translation>样本：%1 被答为 %2</translation>
    </message>
    <message>
        <source>truth down, answer across</source>
        <translation>纵向为真值，横向为回答</translation>
    </message>
    <message>
        <source>A cell lists its samples when clicked or entered.</source>
        <translation>单击或按回车选中单元格可列出其样本。</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致性</translation>
    </message>
    <message>
        <source>original down, cut across</source>
        <translation>纵向为原模型，横向为裁剪后</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StartPage</name>
    <message>
        <source>Lapidary</source>
        <translation>Lapidary</translation>
    </message>
    <message>
        <source>Cut a neural network while you look at it: prune and quantize its layers, see at once what that costs in accuracy and saves in bytes and milliseconds, and export what you saw.</source>
        <translation>一边看一边裁剪神经网络：对各层进行剪枝和量化，立即看到准确率的代价以及节省的字节与毫秒，并导出您所看到的结果。</translation>
    </message>
    <message>
        <source>Everything is measured here, on your own data; nothing leaves this machine.</source>
        <translation>一切都在本机、用您自己的数据测量；任何内容都不会离开这台机器。</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>ONNX, PyTorch, .lapidary, safetensors, npz or npy, or drop one here</source>
        <translation>支持 ONNX、PyTorch、.lapidary、safetensors、npz 或 npy，也可拖放到此处</translation>
    </message>
    <message>
        <source>Open demo</source>
        <translation>打开演示</translation>
    </message>
    <message>
        <source>Two small networks that read handwritten digits, with 2,000 test pictures.</source>
        <translation>两个识别手写数字的小型网络，附 2,000 张测试图片。</translation>
    </message>
    <message>
        <source>LeNet-5, convolutional</source>
        <translation>LeNet-5，卷积网络</translation>
    </message>
    <message>
        <source>LeNet-300-100, fully connected</source>
        <translation>LeNet-300-100，全连接网络</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近打开</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StatusLine</name>
    <message>
        <source>Switch the language</source>
        <translation>切换语言</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>未打开任何模型</translation>
    </message>
    <message>
        <source>Evaluating %1 / %2</source>
        <translation>正在评估 %1 / %2</translation>
    </message>
    <message>
        <source>Measuring latency, zip and saliency</source>
        <translation>正在测量延迟、zip 大小与显著性</translation>
    </message>
    <message>
        <source>Evaluating</source>
        <translation>正在评估</translation>
    </message>
    <message>
        <source>Stopped at %1 / %2</source>
        <translation>已停止于 %1 / %2</translation>
    </message>
    <message>
        <source>Done: %1 samples</source>
        <translation>完成：%1 个样本</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>first figure after %1 ms</source>
        <translation>首个数值用时 %1 毫秒</translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>%n 个工作线程</numerusform>
        </translation>
    </message>
    <message>
        <source>cache %1 of %2</source>
        <translation>缓存 %1 / %2</translation>
    </message>
    <message>
        <source>Answers that are remembered take %1 of %2 of memory.</source>
        <translation>记住的回答占用内存 %1 / %2。</translation>
    </message>
    <message>
        <source>The first figure of the last change came after %1 ms.</source>
        <translation>上一次改动的首个数字在 %1 毫秒后出现。</translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s) compute.</source>
        <translation><numerusform>%n 个线程在计算。</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StepsChart</name>
    <message>
        <source>Signal-to-noise (dB) against steps</source>
        <translation>信噪比（dB）随步骤变化</translation>
    </message>
    <message>
        <source>%1 (%) against steps</source>
        <translation>%1（%）随步骤变化</translation>
    </message>
    <message>
        <source>Size (kB) against steps</source>
        <translation>大小（kB）随步骤变化</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>High</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StripView</name>
    <message>
        <source>position %1: %2</source>
        <translation>位置 %1：%2</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ThroughputBars</name>
    <message>
        <source>Copy data</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>保存图片…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::TopBar</name>
    <message>
        <source>%1, %2 samples</source>
        <translation>%1，%2 个样本</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数据</translation>
    </message>
    <message>
        <source>Hold for original</source>
        <translation>按住看原模型</translation>
    </message>
    <message>
        <source>Hold %1 for original</source>
        <translation>按住 %1 看原模型</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::TradeOffChart</name>
    <message numerus="yes">
        <source>%n sample(s)</source>
        <translation>
            <numerusform>%n 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>the original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>click to return to this recipe</source>
        <translation>单击回到此配方</translation>
    </message>
    <message>
        <source>Return to a visited recipe</source>
        <translation>回到访问过的配方</translation>
    </message>
    <message>
        <source>now %1 · %2</source>
        <translation>当前 %1 · %2</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>found by the search, on the half of the samples that it chooses on</source>
        <translation>由搜索找到，基于用于选择的一半样本</translation>
    </message>
    <message>
        <source>click to use this recipe</source>
        <translation>点击可使用此配方</translation>
    </message>
    <message>
        <source>Use a recipe of the search</source>
        <translation>使用搜索得到的配方</translation>
    </message>
    <message>
        <source>%1, low</source>
        <translation>%1，下限</translation>
    </message>
    <message>
        <source>%1, high</source>
        <translation>%1，上限</translation>
    </message>
    <message>
        <source>Trade-off of the recipes measured so far</source>
        <translation>已测量配方的权衡</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ValueSlider</name>
    <message>
        <source>mixed</source>
        <translation>混合</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::WeightImages</name>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Cut weight minus original weight</source>
        <translation>裁剪后权重减原权重</translation>
    </message>
    <message>
        <source>Bit plane</source>
        <translation>位平面</translation>
    </message>
    <message>
        <source>One bit of the magnitude of every integer code</source>
        <translation>每个整数编码绝对值中的一位</translation>
    </message>
    <message>
        <source>bit </source>
        <translation>第 </translation>
    </message>
    <message>
        <source>Bit plane, 0 is the lowest</source>
        <translation>位平面，0 为最低位</translation>
    </message>
    <message>
        <source>0 is the lowest bit</source>
        <translation>0 为最低位</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>裁剪后</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The weights of the selected layer</source>
        <translation>所选层的权重</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>No difference: this layer is not cut. Move a slider of the cut panel.</source>
        <translation>没有差异：此层未裁剪。请移动裁剪面板中的滑块。</translation>
    </message>
    <message>
        <source>Difference, colours to ±%1</source>
        <translation>差值，颜色范围 ±%1</translation>
    </message>
    <message>
        <source>Difference: none</source>
        <translation>差值：无</translation>
    </message>
    <message>
        <source>Bit %1 of %2, worth %3 steps</source>
        <translation>第 %1 位（共 %2 位），相当于 %3 步</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <translation>%1：%2 → %3</translation>
    </message>
    <message>
        <source>wheel zooms, drag pans</source>
        <translation>滚轮缩放，拖动平移</translation>
    </message>
    <message>
        <source>Repaired</source>
        <translation>修复后</translation>
    </message>
    <message>
        <source>Cutting…</source>
        <translation>正在裁剪…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::WeightsView</name>
    <message>
        <source>The weights of %1 cannot be shown</source>
        <translation>无法显示 %1 的权重</translation>
    </message>
    <message>
        <source>log scale</source>
        <translation>对数刻度</translation>
    </message>
    <message>
        <source>grid of channel </source>
        <translation>量化网格，通道 </translation>
    </message>
    <message>
        <source>Channel whose quantization grid is drawn</source>
        <translation>绘制其量化网格的通道</translation>
    </message>
    <message>
        <source>No layer selected</source>
        <translation>未选择层</translation>
    </message>
    <message>
        <source>The distribution of a layer&apos;s weights and the weights as pictures are shown here. Open a model and select a layer in the table.</source>
        <translation>这里显示层的权重分布以及权重图像。请打开模型并在表格中选择一层。</translation>
    </message>
    <message>
        <source>%1 · distribution</source>
        <translation>%1 · 分布</translation>
    </message>
    <message>
        <source>grid finer than 64 levels, not drawn</source>
        <translation>网格细于 64 级，未绘制</translation>
    </message>
    <message numerus="yes">
        <source>%n level(s)</source>
        <translation>
            <numerusform>%n 级</numerusform>
        </translation>
    </message>
    <message>
        <source>the original</source>
        <translation>原模型</translation>
    </message>
    <message>
        <source>drag the lines to prune</source>
        <translation>拖动竖线进行剪枝</translation>
    </message>
    <message>
        <source>|w| &lt; %1 → 0 · %2 weights</source>
        <translation>|w| &lt; %1 → 0 · %2 个权重</translation>
    </message>
    <message>
        <source>Prune by threshold</source>
        <translation>按阈值剪枝</translation>
    </message>
    <message>
        <source>%1 weights are read, sorted and drawn.</source>
        <translation>正在读取、排序并绘制 %1 个权重。</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>正在读取 %1</translation>
    </message>
    <message>
        <source>cutting…</source>
        <translation>正在裁剪…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::Workspace</name>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>显著性</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Planner</source>
        <translation>规划</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>敏感度</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Robustness</source>
        <translation>稳健性</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SearchDialog</name>
    <message>
        <source>The model is too slow to be timed within that time; at most %1</source>
        <translation>模型太慢，无法在该时间内计时；最多 %1</translation>
    </message>
    <message>
        <source>%1 samples to choose on</source>
        <translation>%1 个用于选择的样本</translation>
    </message>
    <message>
        <source>methods that learn from samples</source>
        <translation>从样本学习的方法</translation>
    </message>
    <message>
        <source>%1 cuts of single layers</source>
        <translation>%1 种单层裁剪</translation>
    </message>
    <message>
        <source>measuring %1 cuts alone</source>
        <translation>单独测量 %1 种裁剪</translation>
    </message>
    <message>
        <source>all of the first joint plan</source>
        <translation>完整的第一个整体方案</translation>
    </message>
    <message>
        <source>The time was too short for: %1</source>
        <translation>时间不够，未完成：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Largest drop</source>
        <translation>最大下降</translation>
    </message>
    <message>
        <source>Points of accuracy that may be lost, on the samples that choices are made on</source>
        <translation>在用于选择的样本上允许损失的准确率（百分点）</translation>
    </message>
    <message>
        <source> points</source>
        <translation> 个百分点</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>最多</translation>
    </message>
    <message>
        <source>Keep the upper end of the 95 % interval within it</source>
        <translation>要求 95 % 置信区间的上端也不超过该值</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Find the best cut</source>
        <translation>寻找最佳裁剪</translation>
    </message>
    <message>
        <source>Surer, and out of reach with few samples</source>
        <translation>更可靠，但样本少时难以达到</translation>
    </message>
    <message>
        <source> kB</source>
        <translation> kB</translation>
    </message>
    <message>
        <source>Largest size</source>
        <translation>最大大小</translation>
    </message>
    <message>
        <source>ONNX file</source>
        <translation>ONNX 文件</translation>
    </message>
    <message>
        <source>ONNX file, zipped</source>
        <translation>ONNX 文件，zip 压缩</translation>
    </message>
    <message>
        <source>The file whose bytes are made few</source>
        <translation>以哪个文件的字节数为目标</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>The search ends earlier where nothing better is found for a while</source>
        <translation>若一段时间内找不到更好的方案，搜索会提前结束</translation>
    </message>
    <message>
        <source>Bytes of</source>
        <translation>计量对象</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Prunes and quantizes layer by layer until the accuracy floor. Choices are made on one half of your data; the other half, which no choice has seen, gives the final figure.</source>
        <translation>逐层剪枝和量化，直到准确率下限。选择只在您数据的一半上进行；另一半从未参与选择，用来给出最终数字。</translation>
    </message>
    <message>
        <source>Progress of the search</source>
        <translation>搜索进度</translation>
    </message>
    <message>
        <source>A first cut after about %1, then %2 a candidate; at most %3 and %4 of memory beside the window&apos;s own</source>
        <translation>约 %1 后得到第一个方案，之后每个候选 %2；最多 %3，除窗口自身外占用内存 %4</translation>
    </message>
    <message>
        <source>Learning what each layer&apos;s cuts save…</source>
        <translation>正在计算每层裁剪节省的字节…</translation>
    </message>
    <message>
        <source>Stopping: the best so far is measured once more…</source>
        <translation>正在停止：再测量一次目前的最佳方案…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Ends the search and applies the best cut found so far</source>
        <translation>结束搜索并应用目前找到的最佳裁剪</translation>
    </message>
    <message>
        <source>Searches in the background and applies the best cut as one step</source>
        <translation>在后台搜索，并将最佳裁剪作为一步应用</translation>
    </message>
    <message>
        <source>Open a model that runs and data to measure it on first.</source>
        <translation>请先打开可运行的模型和用于测量的数据。</translation>
    </message>
    <message>
        <source>Measuring each layer alone…</source>
        <translation>正在单独测量每一层…</translation>
    </message>
    <message numerus="yes">
        <source>%n cut(s) measured</source>
        <translation>
            <numerusform>已测量 %n 个方案</numerusform>
        </translation>
    </message>
    <message>
        <source>%1; best so far %2 at a drop of %3 points</source>
        <translation>%1；目前最佳 %2，下降 %3 个百分点</translation>
    </message>
    <message>
        <source>%1; none within the floor yet</source>
        <translation>%1；尚无满足下限的方案</translation>
    </message>
    <message numerus="yes">
        <source>Applied: %1, a drop of %2 points where it was chosen (%n sample(s))</source>
        <translation>
            <numerusform>已应用：%1，在用于选择的 %n 个样本上下降 %2 个百分点</numerusform>
        </translation>
    </message>
    <message>
        <source>On the other half, which no choice has seen: a drop of %1 points (95 %: %2 to %3)</source>
        <translation>在从未参与选择的另一半上：下降 %1 个百分点（95 %：%2 至 %3）</translation>
    </message>
    <message>
        <source>Best cut of the search</source>
        <translation>搜索到的最佳裁剪</translation>
    </message>
    <message>
        <source>Lapidary file</source>
        <translation>Lapidary 文件</translation>
    </message>
    <message>
        <source>The search cuts the model as it was opened, without the repair; undo brings that back.</source>
        <translation>搜索裁剪的是打开时的模型，不含修复；撤销可恢复修复。</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>Least saliency kept</source>
        <translation>至少保留的显著性</translation>
    </message>
    <message>
        <source>A cut whose saliency maps, averaged over the samples, are less like those of the original does not count</source>
        <translation>显著图与原模型的平均相似度低于此值的裁剪不予采用</translation>
    </message>
    <message>
        <source>rank correlation</source>
        <translation>秩相关</translation>
    </message>
    <message>
        <source>SSIM</source>
        <translation>SSIM</translation>
    </message>
    <message>
        <source>top-k overlap</source>
        <translation>前 k 重合度</translation>
    </message>
    <message>
        <source>How saliency is compared</source>
        <translation>显著性的比较方式</translation>
    </message>
    <message>
        <source>Saliency kept</source>
        <translation>显著性保留</translation>
    </message>
    <message>
        <source>Saliency kept: rank correlation %1, SSIM %2, top-k overlap %3</source>
        <translation>显著性保留：秩相关 %1，SSIM %2，前 k 重合度 %3</translation>
    </message>
    <message>
        <source>No cut keeps within what was asked for. Allow a larger drop, more bytes, less saliency or more time.</source>
        <translation>没有裁剪满足要求。请允许更大的下降、更多字节、更低的显著性或更长的时间。</translation>
    </message>
    <message>
        <source>%1 points better</source>
        <translation>好 %1 个百分点</translation>
    </message>
    <message>
        <source>%1 points worse</source>
        <translation>差 %1 个百分点</translation>
    </message>
    <message>
        <source>%1; best so far %2, %3</source>
        <translation>%1；目前最佳 %2，%3</translation>
    </message>
    <message>
        <source>A search goes on; the line at the bottom of the window shows it</source>
        <translation>搜索会继续进行，窗口底部的状态栏会显示进度</translation>
    </message>
    <message>
        <source>Applied as one step: undo goes back to your cut.</source>
        <translation>已作为一步应用：撤销会回到您的裁剪。</translation>
    </message>
    <message>
        <source>Ends the search and offers the best cut found so far</source>
        <translation>结束搜索，并提供目前找到的最佳裁剪</translation>
    </message>
    <message>
        <source>On the other half, which no choice has seen: %1 (95 %: %2 to %3)</source>
        <translation>在未参与任何选择的另一半上：%1（95 %：%2 至 %3）</translation>
    </message>
    <message>
        <source>Searches in the background and offers the best cut</source>
        <translation>在后台搜索，并提供最佳裁剪</translation>
    </message>
    <message>
        <source>Takes the cut that was found as one step; undo goes back to yours</source>
        <translation>将找到的裁剪作为一步采用；撤销会回到您的裁剪</translation>
    </message>
    <message>
        <source>as good as the original</source>
        <translation>与原模型一样好</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message numerus="yes">
        <source>Found: %1, %2 where it was chosen (%n sample(s))</source>
        <translation><numerusform>已找到：%1，在选择所用的 %n 个样本上%2</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SensitivityModel</name>
    <message>
        <source>points of accuracy lost</source>
        <translation>损失的准确率（百分点）</translation>
    </message>
    <message>
        <source>% that answer otherwise</source>
        <translation>% 回答改变</translation>
    </message>
    <message>
        <source>dB below 60 dB</source>
        <translation>低于 60 dB 的 dB 数</translation>
    </message>
    <message>
        <source>%1 zeros</source>
        <translation>%1 零值</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n 位</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>%1 %2, 95 %: %3 to %4</source>
        <translation>%1 %2，95 %：%3 至 %4</translation>
    </message>
    <message numerus="yes">
        <source>on %n sample(s)</source>
        <translation>
            <numerusform>基于 %n 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>not sharp yet</source>
        <translation>尚不精确</translation>
    </message>
    <message>
        <source>outputs: %1 dB signal to noise</source>
        <translation>输出：信噪比 %1 dB</translation>
    </message>
    <message>
        <source>outputs unchanged</source>
        <translation>输出不变</translation>
    </message>
    <message>
        <source>answers diverge by %1 nats</source>
        <translation>回答的散度为 %1 nat</translation>
    </message>
    <message>
        <source>weights: %1 dB signal to noise</source>
        <translation>权重：信噪比 %1 dB</translation>
    </message>
    <message>
        <source>%1 on all layers but %2</source>
        <translation>除 %2 外所有层均为 %1</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>saves %1 (zipped)</source>
        <translation>节省 %1（zip 压缩后）</translation>
    </message>
    <message>
        <source>costs %1 (zipped)</source>
        <translation>多占 %1（zip 压缩后）</translation>
    </message>
    <message>
        <source>click to take it off this layer</source>
        <translation>点击可从该层撤下</translation>
    </message>
    <message>
        <source>click to apply it to this layer</source>
        <translation>点击可应用到该层</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Drop, points</source>
        <translation>下降（百分点）</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>High</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本数</translation>
    </message>
    <message>
        <source>KL, nats</source>
        <translation>KL 散度（nat）</translation>
    </message>
    <message>
        <source>Output, dB</source>
        <translation>输出（dB）</translation>
    </message>
    <message>
        <source>Weights, dB</source>
        <translation>权重（dB）</translation>
    </message>
    <message>
        <source>Bytes saved</source>
        <translation>节省的字节</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SensitivityView</name>
    <message>
        <source>All but one</source>
        <translation>除一层外全部</translation>
    </message>
    <message>
        <source>It could not be measured</source>
        <translation>无法测量</translation>
    </message>
    <message>
        <source>Cut all layers but one instead of one alone: what leaving that layer whole would save</source>
        <translation>裁剪除一层以外的所有层，而不是只裁剪一层：看保留该层能挽回多少</translation>
    </message>
    <message>
        <source>Progress of the scan</source>
        <translation>扫描进度</translation>
    </message>
    <message>
        <source>Sensitivity of layers to settings</source>
        <translation>各层对各设置的敏感度</translation>
    </message>
    <message>
        <source>Copy data</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>Press Measure to see what each layer costs when it alone is pruned or quantized. Mild cuts of large layers come first, and each cell is measured only as sharply as its colour needs. A click on a cell applies it to its layer, a second one takes it off.</source>
        <translation>按“测量”即可看到单独剪枝或量化每一层的代价。先测大层的温和裁剪，每格只测到颜色所需的精度。点击一格会将其应用到该层，再次点击则撤下。</translation>
    </message>
    <message>
        <source>signal-to-noise ratio of the outputs</source>
        <translation>输出的信噪比</translation>
    </message>
    <message>
        <source>signal-to-noise ratio of the weights</source>
        <translation>权重的信噪比</translation>
    </message>
    <message>
        <source>%1 of a full scan&apos;s samples were run</source>
        <translation>运行了完整扫描样本数的 %1</translation>
    </message>
    <message>
        <source>the bar is the bytes saved (zipped)</source>
        <translation>横条为节省的字节（zip 压缩后）</translation>
    </message>
    <message>
        <source>slanted numbers are not sharp yet</source>
        <translation>斜体数字尚不精确</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Stops measuring and leaves what was measured (Esc)</source>
        <translation>停止测量并保留已测结果（Esc）</translation>
    </message>
    <message>
        <source>Measures every layer under every setting, in the background</source>
        <translation>在后台测量每一层在每种设置下的结果</translation>
    </message>
    <message>
        <source>Take %1 off %2</source>
        <translation>从 %2 撤下 %1</translation>
    </message>
    <message>
        <source>Apply %1 to %2</source>
        <translation>将 %1 应用到 %2</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>Learning what each cut saves…</source>
        <translation>正在计算每种裁剪节省的字节…</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StudentForm</name>
    <message>
        <source>Kind of student</source>
        <translation>学生模型的种类</translation>
    </message>
    <message>
        <source>Of the student as an ONNX file, before it has learnt anything</source>
        <translation>尚未学习的学生模型存为 ONNX 文件时的数字</translation>
    </message>
    <message>
        <source>Small convolutional network</source>
        <translation>小型卷积网络</translation>
    </message>
    <message>
        <source>Blocks of convolution, ReLU and pooling; for pictures, sounds and signals.</source>
        <translation>由卷积、ReLU 和池化组成的块；适用于图片、声音和信号。</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>块数</translation>
    </message>
    <message>
        <source>Each halves the picture and doubles the channels</source>
        <translation>每块将图片减半、通道加倍</translation>
    </message>
    <message>
        <source>Channels of the first block</source>
        <translation>第一块的通道数</translation>
    </message>
    <message>
        <source>Every further block has twice as many</source>
        <translation>之后每块加倍</translation>
    </message>
    <message>
        <source>%1 × %1</source>
        <translation>%1 × %1</translation>
    </message>
    <message>
        <source>Side of the convolutions&apos; windows, in pixels</source>
        <translation>卷积窗口的边长，以像素计</translation>
    </message>
    <message>
        <source>Every position</source>
        <translation>每个位置</translation>
    </message>
    <message>
        <source>The last layer has weights of its own for every position</source>
        <translation>最后一层对每个位置都有自己的权重</translation>
    </message>
    <message>
        <source>Mean over positions</source>
        <translation>位置均值</translation>
    </message>
    <message>
        <source>Far fewer weights: the last layer sees the mean over all positions</source>
        <translation>权重少得多：最后一层看到所有位置的均值</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Last layer</source>
        <translation>最后一层</translation>
    </message>
    <message>
        <source>Dense network</source>
        <translation>全连接网络</translation>
    </message>
    <message>
        <source>Dense layers with ReLU between them; tokens are embedded and averaged.</source>
        <translation>全连接层之间为 ReLU；词元经嵌入后取平均。</translation>
    </message>
    <message>
        <source>Hidden layers</source>
        <translation>隐藏层数</translation>
    </message>
    <message>
        <source>With 0 it is a linear classifier</source>
        <translation>为 0 时是线性分类器</translation>
    </message>
    <message>
        <source>Neurons of the first</source>
        <translation>第一层的神经元数</translation>
    </message>
    <message>
        <source>Every further layer has half as many</source>
        <translation>之后每层减半</translation>
    </message>
    <message>
        <source>Small transformer</source>
        <translation>小型 Transformer</translation>
    </message>
    <message>
        <source>An encoder over tokens, or over patches of a picture.</source>
        <translation>作用于词元或图片分块的编码器。</translation>
    </message>
    <message>
        <source>Of attention and two dense layers each</source>
        <translation>每块含注意力和两个全连接层</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>注意力头数</translation>
    </message>
    <message>
        <source>In every block</source>
        <translation>每块中</translation>
    </message>
    <message>
        <source>Width of a head</source>
        <translation>头的宽度</translation>
    </message>
    <message>
        <source>A token is as wide as all heads together; the inner dense layer is twice as wide</source>
        <translation>词元的宽度为所有头之和；内部全连接层为其两倍</translation>
    </message>
    <message>
        <source>Side of a patch</source>
        <translation>分块边长</translation>
    </message>
    <message>
        <source>In pixels, or steps of a signal; means nothing for tokens</source>
        <translation>以像素或信号步数计；对词元无意义</translation>
    </message>
    <message>
        <source>Inherited weights</source>
        <translation>继承权重</translation>
    </message>
    <message>
        <source>The weights that are there</source>
        <translation>已有的权重</translation>
    </message>
    <message>
        <source>Fresh weights</source>
        <translation>全新权重</translation>
    </message>
    <message>
        <source>Weights are drawn anew, by the seed.
He et al., 2015</source>
        <translation>按种子重新抽取权重。
He et al., 2015</translation>
    </message>
    <message>
        <source>Training starts from</source>
        <translation>训练起点</translation>
    </message>
    <message>
        <source>Narrower teacher</source>
        <translation>更窄的教师</translation>
    </message>
    <message>
        <source>The teacher without the least of its channels and heads, in every layer alike.</source>
        <translation>去掉教师每层中最不重要的通道和注意力头，各层比例相同。</translation>
    </message>
    <message>
        <source>Channels that stay</source>
        <translation>保留的通道</translation>
    </message>
    <message>
        <source>Share of every layer&apos;s channels</source>
        <translation>每层通道的比例</translation>
    </message>
    <message>
        <source>Shallower teacher</source>
        <translation>更浅的教师</translation>
    </message>
    <message>
        <source>The teacher without some of its residual blocks, evenly spread.</source>
        <translation>均匀去掉教师的部分残差块。</translation>
    </message>
    <message>
        <source>Blocks that stay</source>
        <translation>保留的块</translation>
    </message>
    <message>
        <source>Share of the residual blocks whose input and output have one shape</source>
        <translation>输入与输出形状相同的残差块的比例</translation>
    </message>
    <message>
        <source>A model file</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>Any model with the teacher&apos;s classes that takes the same samples.</source>
        <translation>与教师类别相同、接受相同样本的任何模型。</translation>
    </message>
    <message>
        <source>No file is chosen</source>
        <translation>尚未选择文件</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Student</source>
        <translation>学生</translation>
    </message>
    <message>
        <source>Models with a graph (%1)</source>
        <translation>带图的模型 (%1)</translation>
    </message>
    <message>
        <source>%1 parameters, %2</source>
        <translation>%1 个参数，%2</translation>
    </message>
    <message>
        <source>%1 times smaller than the teacher&apos;s %2</source>
        <translation>是教师 %2 的 1/%1</translation>
    </message>
    <message>
        <source>%1 times larger than the teacher&apos;s %2</source>
        <translation>是教师 %2 的 %1 倍</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::StudentResult</name>
    <message>
        <source>%1 (%2 to %3)</source>
        <translation>%1（%2 至 %3）</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>教师</translation>
    </message>
    <message>
        <source>Student</source>
        <translation>学生</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并列对比</translation>
    </message>
    <message>
        <source>on the open data</source>
        <translation>在打开的数据上</translation>
    </message>
    <message>
        <source>Accuracy, top-1</source>
        <translation>准确率（top-1）</translation>
    </message>
    <message>
        <source>Share of samples answered right, with its 95 % interval (Wilson)</source>
        <translation>答对的样本比例及其 95 % 区间（Wilson）</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致性</translation>
    </message>
    <message>
        <source>Share of samples that both answer alike, with its 95 % interval</source>
        <translation>两者答案相同的样本比例及其 95 % 区间</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Numbers that the file holds</source>
        <translation>文件中的数值个数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>As an ONNX file</source>
        <translation>存为 ONNX 文件</translation>
    </message>
    <message>
        <source>Time of one sample</source>
        <translation>单样本时间</translation>
    </message>
    <message>
        <source>Median, on one thread of this machine</source>
        <translation>本机单线程的中位数</translation>
    </message>
    <message>
        <source>Saliency alike</source>
        <translation>显著性相似度</translation>
    </message>
    <message>
        <source>Rank correlation of gradient maps, mean over the first samples</source>
        <translation>梯度图的秩相关，前若干样本的均值</translation>
    </message>
    <message>
        <source>Confusion</source>
        <translation>混淆</translation>
    </message>
    <message>
        <source>truth down, answer across</source>
        <translation>纵向为真值，横向为回答</translation>
    </message>
    <message>
        <source>Answers of the teacher</source>
        <translation>教师的答案</translation>
    </message>
    <message>
        <source>Answers of the student</source>
        <translation>学生的答案</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Student minus teacher</source>
        <translation>学生减教师</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>显著性</translation>
    </message>
    <message>
        <source>what both rest their answers on</source>
        <translation>两者的答案依据什么</translation>
    </message>
    <message>
        <source>Number of the sample</source>
        <translation>样本编号</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Distil a student to see it beside its teacher.</source>
        <translation>蒸馏出学生模型后在此与教师对比。</translation>
    </message>
</context>
<context>
    <name>TradeOffAxis</name>
    <message>
        <source>Saliency kept, rank correlation</source>
        <translation>显著性保留：秩相关</translation>
    </message>
    <message>
        <source>Saliency kept, SSIM</source>
        <translation>显著性保留：SSIM</translation>
    </message>
    <message>
        <source>Saliency kept, top-k overlap</source>
        <translation>显著性保留：前 k 重合度</translation>
    </message>
    <message>
        <source>Calibration error, ECE</source>
        <translation>校准误差 ECE</translation>
    </message>
    <message>
        <source>What the model answers</source>
        <translation>模型的回答</translation>
    </message>
    <message>
        <source>Whether the model weighs the positions of an input in the same order as before: 1 is unchanged</source>
        <translation>模型对输入各位置的重视次序是否与从前一致：1 表示毫无变化</translation>
    </message>
    <message>
        <source>Whether the pattern of its saliency maps is the same as before: 1 is unchanged</source>
        <translation>显著图的结构是否与从前一致：1 表示毫无变化</translation>
    </message>
    <message>
        <source>Share of the most important positions that still are so: 1 is unchanged</source>
        <translation>最重要的位置中仍然最重要的比例：1 表示毫无变化</translation>
    </message>
    <message>
        <source>How far its probabilities are from how often it is right: 0 is best</source>
        <translation>模型给出的概率与实际正确率相差多少：0 最好</translation>
    </message>
    <message>
        <source>Accuracy under attack, FGSM</source>
        <translation>受攻击时的准确率（FGSM）</translation>
    </message>
    <message>
        <source>How often it is still right on the first 200 samples when each was moved against it in one step of 4 levels of its pixels, or of 0.04 where they are none: measured in quiet moments</source>
        <translation>前 200 个样本各朝不利方向移动一步（像素 4 级；非像素输入为 0.04）后仍答对的比例：在空闲时测量</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ClassesView</name>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>most lost first</source>
        <translation>损失最多的在前</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>That are of this class</source>
        <translation>属于该类别的样本</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Share that the original answers rightly</source>
        <translation>原模型答对的比例</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Share that the cut answers rightly</source>
        <translation>裁剪后答对的比例</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>百分点</translation>
    </message>
    <message>
        <source>After less before, on the same samples</source>
        <translation>同一批样本上，之后减之前</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Interval of the change, paired</source>
        <translation>变化的配对置信区间</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>失去</translation>
    </message>
    <message>
        <source>Right before, wrong now</source>
        <translation>之前正确，现在错误</translation>
    </message>
    <message>
        <source>Gained</source>
        <translation>获得</translation>
    </message>
    <message>
        <source>Wrong before, right now</source>
        <translation>之前错误，现在正确</translation>
    </message>
    <message>
        <source>Accuracy of every class</source>
        <translation>各类别的准确率</translation>
    </message>
    <message>
        <source>A mark stands where the interval of the change leaves out 0. Of many classes a few seem to change by chance.</source>
        <translation>变化的区间不含 0 时带有标记。类别很多时，总有几个会碰巧显得有变化。</translation>
    </message>
    <message>
        <source>Reliability</source>
        <translation>可靠性</translation>
    </message>
    <message>
        <source>right (%) against confidence (%)</source>
        <translation>正确率（%）与置信度（%）</translation>
    </message>
    <message>
        <source>What the cut does to every class, and how far its confidence can be believed, is shown here.</source>
        <translation>这里显示裁剪对每个类别的影响，以及模型的置信度有多可信。</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Open a model and data.</source>
        <translation>请打开模型和数据。</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>没有数据</translation>
    </message>
    <message>
        <source>Open data for this model.</source>
        <translation>请为该模型打开数据。</translation>
    </message>
    <message>
        <source>The model cannot run</source>
        <translation>该模型无法运行</translation>
    </message>
    <message>
        <source>No classes</source>
        <translation>没有类别</translation>
    </message>
    <message>
        <source>The outputs of this model are not scores of classes.</source>
        <translation>该模型的输出不是类别得分。</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>It appears when all samples have been seen.</source>
        <translation>看完全部样本后即会显示。</translation>
    </message>
    <message>
        <source>%1: before %2, after %3 (95 %)</source>
        <translation>%1：之前 %2，之后 %3（95 %）</translation>
    </message>
    <message>
        <source>Expected calibration error (15 bins): original %1, cut %2</source>
        <translation>期望校准误差（15 个区间）：原模型 %1，裁剪后 %2</translation>
    </message>
    <message>
        <source>Mean confidence of the cut %1, right %2; over bins of equal counts the error is %3.</source>
        <translation>裁剪后平均置信度 %1，正确率 %2；按等量样本分区时误差为 %3。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ReliabilityChart</name>
    <message>
        <source>Cut</source>
        <translation>裁剪后</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原模型</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s), given with %1 on average</source>
        <translation>
            <numerusform>%n 个回答，平均置信度 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>right: %1 (%2 … %3)</source>
        <translation>正确：%1（%2 … %3）</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>正确率</translation>
    </message>
</context>
<context>
    <name>Explaining</name>
    <message>
        <source>Gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>How strongly the score follows each input value: the largest |dy/dx| over the channels.</source>
        <translation>得分随每个输入值变化的强弱：各通道 |dy/dx| 的最大值。</translation>
    </message>
    <message>
        <source>Gradient × input</source>
        <translation>梯度 × 输入</translation>
    </message>
    <message>
        <source>x · dy/dx, summed over the channels.</source>
        <translation>x · dy/dx，按通道求和。</translation>
    </message>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>The last convolution's channels, weighted by their mean gradient.</source>
        <translation>最后一个卷积层的各通道，按其平均梯度加权。</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>How much the score drops when a patch is hidden.</source>
        <translation>遮住一小块后得分下降多少。</translation>
    </message>
    <message>
        <source>SmoothGrad</source>
        <translation>SmoothGrad</translation>
    </message>
    <message>
        <source>The mean of dy/dx over 32 noisy copies of the input.</source>
        <translation>在输入的 32 个加噪副本上求 dy/dx 的平均。</translation>
    </message>
    <message>
        <source>Integrated gradients</source>
        <translation>积分梯度</translation>
    </message>
    <message>
        <source>x times the mean of dy/dx on the way from 0 to x: the parts sum to the score gained.</source>
        <translation>x 乘以从 0 到 x 路径上 dy/dx 的平均：各部分之和等于得分的增量。</translation>
    </message>
    <message>
        <source>Grad-CAM++</source>
        <translation>Grad-CAM++</translation>
    </message>
    <message>
        <source>Grad-CAM with a weight for every position where the gradient is positive.</source>
        <translation>Grad-CAM 的改进：梯度为正的每个位置各有权重。</translation>
    </message>
    <message>
        <source>Guided backpropagation</source>
        <translation>导向反向传播</translation>
    </message>
    <message>
        <source>The gradient, where Relu lets only positive values pass back.</source>
        <translation>梯度，但 Relu 只让正值反向通过。</translation>
    </message>
    <message>
        <source>LRP, epsilon rule</source>
        <translation>LRP（ε 规则）</translation>
    </message>
    <message>
        <source>Hands the score down: each step shares it by a·w / (z + ε).</source>
        <translation>把得分逐层下传：每一步按 a·w / (z + ε) 分配。</translation>
    </message>
    <message>
        <source>LRP, gamma rule</source>
        <translation>LRP（γ 规则）</translation>
    </message>
    <message>
        <source>The same, with what speaks for the class counted 1 + γ times: calmer maps.</source>
        <translation>同上，但支持该类别的部分按 1 + γ 倍计：图更平稳。</translation>
    </message>
    <message>
        <source>RISE</source>
        <translation>RISE</translation>
    </message>
    <message>
        <source>2,000 random masks, weighted by the probability that is left.</source>
        <translation>2,000 个随机掩膜，按剩余的概率加权。</translation>
    </message>
    <message>
        <source>Kernel SHAP</source>
        <translation>Kernel SHAP</translation>
    </message>
    <message>
        <source>Shapley values of superpixels or tokens, from 1,000 coalitions.</source>
        <translation>超像素或词元的 Shapley 值，由 1,000 个联盟估计。</translation>
    </message>
    <message>
        <source>Attention rollout</source>
        <translation>注意力展开</translation>
    </message>
    <message>
        <source>The product of (A + I) / 2 over the layers: how positions mix, whatever the class.</source>
        <translation>各层 (A + I) / 2 的乘积：各位置如何混合，与类别无关。</translation>
    </message>
    <message>
        <source>|gradient|</source>
        <translation>|梯度|</translation>
    </message>
    <message>
        <source>logit lost</source>
        <translation>失去的 logit</translation>
    </message>
    <message>
        <source>Shapley value</source>
        <translation>Shapley 值</translation>
    </message>
    <message>
        <source>relevance</source>
        <translation>相关性</translation>
    </message>
    <message>
        <source>share of attention</source>
        <translation>注意力份额</translation>
    </message>
    <message>
        <source>By gradients</source>
        <translation>基于梯度</translation>
    </message>
    <message>
        <source>Through the layers</source>
        <translation>逐层分析</translation>
    </message>
    <message>
        <source>By hiding parts</source>
        <translation>遮挡输入</translation>
    </message>
    <message>
        <source>Does not fit this model: it has neither a floating-point input nor an embedding.</source>
        <translation>不适用于此模型：既没有浮点输入，也没有嵌入层。</translation>
    </message>
    <message>
        <source>Does not fit this model: it has no convolution.</source>
        <translation>不适用于此模型：没有卷积层。</translation>
    </message>
    <message>
        <source>Does not fit this model: it has no Relu.</source>
        <translation>不适用于此模型：没有 Relu。</translation>
    </message>
    <message>
        <source>Does not fit this model: it has no attention.</source>
        <translation>不适用于此模型：没有注意力层。</translation>
    </message>
    <message>
        <source>randomisation</source>
        <translation>随机化检验</translation>
    </message>
    <message>
        <source>deletion</source>
        <translation>删除曲线</translation>
    </message>
    <message>
        <source>insertion</source>
        <translation>插入曲线</translation>
    </message>
    <message>
        <source>Passes the checks of faithfulness on this model</source>
        <translation>在此模型上通过忠实性检验</translation>
    </message>
    <message>
        <source>Not to be trusted here: fails %1</source>
        <translation>在此模型上不可信：未通过%1</translation>
    </message>
    <message>
        <source>Over %1 samples.
Deletion area %2 (random map %3), lower is better.
Insertion area %4 (random map %5), higher is better.
Rank correlation with the map of a model with random weights: last layer %6, all layers %7; above 0.5 the map does not depend on what was learnt.
Sensitivity to small noise: %8.</source>
        <translation>基于 %1 个样本。
删除面积 %2（随机图 %3），越低越好。
插入面积 %4（随机图 %5），越高越好。
与随机权重模型的图的秩相关：最后一层 %6，所有层 %7；超过 0.5 说明图与所学内容无关。
对微小噪声的敏感度：%8。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ActivationsView</name>
    <message>
        <source>Most exciting samples</source>
        <translation>激活最强的样本</translation>
    </message>
    <message>
        <source>whole layer</source>
        <translation>整层</translation>
    </message>
    <message>
        <source>Channel of the layer</source>
        <translation>层的通道</translation>
    </message>
    <message>
        <source>A channel's samples are those with its largest value anywhere; the whole layer's those of the largest root mean square.</source>
        <translation>通道：取任一位置的最大值最大的样本；整层：取均方根最大的样本。</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Progress over the samples</source>
        <translation>样本进度</translation>
    </message>
    <message>
        <source>Double-click to see what the answer to this sample rests on</source>
        <translation>双击查看该样本的答案依据什么</translation>
    </message>
    <message>
        <source>Activation map</source>
        <translation>激活图</translation>
    </message>
    <message>
        <source>What the channels of the selected layer answer, and the samples that excite them most.</source>
        <translation>所选层各通道的响应，以及激活最强的样本。</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Open a model and data.</source>
        <translation>请打开模型和数据。</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>没有数据</translation>
    </message>
    <message>
        <source>Open data for this model.</source>
        <translation>请为此模型打开数据。</translation>
    </message>
    <message>
        <source>The model cannot run</source>
        <translation>模型无法运行</translation>
    </message>
    <message>
        <source>%1
activation %2</source>
        <translation>%1
激活 %2</translation>
    </message>
    <message>
        <source>Layer %1, channel %2 of %3</source>
        <translation>层 %1，通道 %2 / %3</translation>
    </message>
    <message>
        <source>Layer %1, all %2 channels</source>
        <translation>层 %1，全部 %2 个通道</translation>
    </message>
    <message>
        <source>±%1</source>
        <translation>±%1</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::FaithfulnessNote</name>
    <message>
        <source>Checking how far this method can be trusted… %1 of %2</source>
        <translation>正在检验此方法是否可信…… %1 / %2</translation>
    </message>
    <message>
        <source>Checking how far this method can be trusted…</source>
        <translation>正在检验此方法是否可信……</translation>
    </message>
    <message>
        <source>Its faithfulness could not be measured</source>
        <translation>无法衡量其忠实性</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>This page is not translated yet; it is shown in English.</source>
        <translation>本页尚未翻译，以英文显示。</translation>
    </message>
    <message>
        <source>What the manual says about this (F1)</source>
        <translation>手册中的相关说明（F1）</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ManualSidebar</name>
    <message>
        <source>The manual has nothing about “%1”. Try fewer or other words.</source>
        <translation>手册中没有关于“%1”的内容。请减少或更换关键词。</translation>
    </message>
    <message>
        <source>Search the manual</source>
        <translation>搜索手册</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Found places</source>
        <translation>搜索结果</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ManualWindow</name>
    <message>
        <source>Lapidary manual</source>
        <translation>Lapidary 手册</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>首页</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Usual size of the text</source>
        <translation>默认文字大小</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
</context>
<context>
    <name>ControlKeys</name>
    <message>
        <source>Sliders</source>
        <translation>滑块</translation>
    </message>
    <message>
        <source>Move by a step</source>
        <translation>移动一步</translation>
    </message>
    <message>
        <source>Move by ten steps</source>
        <translation>移动十步</translation>
    </message>
    <message>
        <source>Move to an end</source>
        <translation>移到两端</translation>
    </message>
    <message>
        <source>Back to the start value</source>
        <translation>恢复初始值</translation>
    </message>
    <message>
        <source>double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Histogram of weights</source>
        <translation>权重直方图</translation>
    </message>
    <message>
        <source>Move the threshold</source>
        <translation>移动阈值</translation>
    </message>
    <message>
        <source>Move the threshold by ten steps</source>
        <translation>将阈值移动十步</translation>
    </message>
    <message>
        <source>Threshold 0</source>
        <translation>阈值设为 0</translation>
    </message>
    <message>
        <source>Pictures of weights and maps</source>
        <translation>权重图像和显著图</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>放大或缩小</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Move to another cell</source>
        <translation>移到另一个单元格</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Move to another row</source>
        <translation>移到另一行</translation>
    </message>
    <message>
        <source>Select all rows</source>
        <translation>选择所有行</translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>Use the chosen cell or sample</source>
        <translation>使用所选的单元格或样本</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measure, in the fields of the Planner</source>
        <translation>在规划的字段中开始测量</translation>
    </message>
    <message>
        <source>Stop, and leave what was measured</source>
        <translation>停止并保留已测结果</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>按钮</translation>
    </message>
    <message>
        <source>Press the button</source>
        <translation>按下按钮</translation>
    </message>
    <message>
        <source>Fields that are typed in</source>
        <translation>输入框</translation>
    </message>
    <message>
        <source>Take back what was typed</source>
        <translation>撤销键入</translation>
    </message>
    <message>
        <source>Select all of the text</source>
        <translation>选择全部文字</translation>
    </message>
    <message>
        <source>Cut, copy, paste text</source>
        <translation>剪切、复制、粘贴文字</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::KeysModel</name>
    <message>
        <source>These keys belong to the control and stay as they are.</source>
        <translation>这些按键属于控件，不可更改。</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::KeysPage</name>
    <message>
        <source>Take the keys</source>
        <translation>改用于此操作</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>清除按键</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>默认按键</translation>
    </message>
    <message>
        <source>Usual keys for all</source>
        <translation>全部恢复默认按键</translation>
    </message>
    <message>
        <source>Search actions and keys</source>
        <translation>搜索操作和按键</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其按键</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>The action has no keys now.</source>
        <translation>此操作现在没有按键。</translation>
    </message>
    <message>
        <source>The keys hold from now on.</source>
        <translation>新按键已生效。</translation>
    </message>
    <message>
        <source>%1 belongs to: %2. Nothing has changed yet.</source>
        <translation>%1 已用于：%2。尚未作任何更改。</translation>
    </message>
    <message>
        <source>%1 belongs to: %2. These keys cannot be given away; choose others.</source>
        <translation>%1 已用于：%2。这些按键不能改作他用，请选择其他按键。</translation>
    </message>
    <message>
        <source>No action is called so, or has such keys.</source>
        <translation>没有符合的操作或按键。</translation>
    </message>
    <message>
        <source>Click into the field and press the new keys; they hold as soon as you pause.</source>
        <translation>单击输入框并按下新按键，停顿片刻即生效。</translation>
    </message>
    <message>
        <source>These keys belong to the control and stay as they are.</source>
        <translation>这些按键属于控件，不可更改。</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::ShortcutsDialog</name>
    <message>
        <source>Change keys…</source>
        <translation>更改按键…</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>DataParts</name>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::PartChooser</name>
    <message>
        <source>Part of the data</source>
        <translation>数据的部分</translation>
    </message>
    <message>
        <source>%1 · %2 samples</source>
        <translation>%1 · %2 个样本</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::JobTray</name>
    <message>
        <source>%1 · paused</source>
        <translation>%1 · 已暂停</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source> · about %1 left</source>
        <translation> · 约剩 %1</translation>
    </message>
    <message>
        <source>Work that goes on while its window is closed</source>
        <translation>窗口关闭后仍在进行的工作</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) at work</source>
        <translation><numerusform>%n 个任务正在进行</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) ended</source>
        <translation><numerusform>%n 个任务已结束</numerusform></translation>
    </message>
</context>
<context>
    <name>lapidary::ui::LongJob</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>lapidary::ui::TabList</name>
    <message>
        <source>All tabs</source>
        <translation>所有标签页</translation>
    </message>
</context>
<context>
    <name>Duration</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
</context>
</TS>
